// One batch of many: its statements, how far it is, and what a way back had to leave alone.
#include <chrono>
#include <cstdlib>
#include <thread>

#include "runtime/executor/work.hpp"

namespace mig::runtime {

namespace {

std::string value(const Rows& rows, std::size_t row, std::size_t column) {
  return rows.rows.at(row).at(column).value_or("");
}

long long number(const Rows& rows, std::size_t column) { return std::atoll(value(rows, 0, column).c_str()); }

// A batch without a row in the answer had nothing to do.
void write_down(Work& work, const Migration& m, const Piece& piece, const sql::Batches& action) {
  const auto progress = work.ask(action.progress);
  if (progress.rows.empty()) return;
  plan::journal::Chunk chunk;
  chunk.number = number(progress, 0);
  chunk.cursor = value(progress, 0, 1);
  chunk.read = number(progress, 2);
  chunk.written = number(progress, 3);
  if (chunk.number == 0) return;
  work.ask(plan::journal::chunk_done(m.plan, piece.id, m.run_id(), chunk));
  work.tell("batch_done", {{"migration", m.plan.migration},
                           {"step", piece.id},
                           {"title", piece.title},
                           {"number", std::to_string(chunk.number)},
                           {"cursor", chunk.cursor},
                           {"read", std::to_string(chunk.read)},
                           {"written", std::to_string(chunk.written)}});
}

}  // namespace

bool send_batch(Work& work, Migration& m, const Piece& piece, const sql::Batches& action) {
  for (const auto& statement : action.statements) execute(work, statement.text, piece.id);
  write_down(work, m, piece, action);
  return work.ask(action.more.query).truth();
}

void look_at_left(Work& work, Migration& m, const Piece& piece) {
  if (piece.left == nullptr || !*piece.left) return;
  const auto left = work.ask(**piece.left);
  for (std::size_t i = 0; i < left.rows.size(); ++i) {
    const auto relation = value(left, i, 0);
    const auto rows = value(left, i, 1);
    const auto kept = value(left, i, 3);
    work.tell("rows_left", {{"migration", m.plan.migration},
                            {"step", piece.id},
                            {"relation", relation},
                            {"rows", rows},
                            {"keys", value(left, i, 2)},
                            {"kept", kept}});
    m.left += rows + (rows == "1" ? " row of " : " rows of ") + relation +
              " did not go back, and why stands with what it was before:  SELECT * FROM " + kept + ";\n";
  }
}

bool rest(const Work& work, const Migration& m) {
  using namespace std::chrono_literals;
  const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(m.plan.policy.pause_ms);
  do {
    if (work.asked_to_stop() != 0) return true;
    const auto now = std::chrono::steady_clock::now();
    if (now >= end) return false;
    std::this_thread::sleep_for(std::min<std::chrono::nanoseconds>(50ms, end - now));
  } while (true);
}

}  // namespace mig::runtime
