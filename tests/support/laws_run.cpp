// Running steps in the smallest loop that is right, with locks and probes watched and crashes made on purpose.
#include <fmt/core.h>

#include <chrono>
#include <future>
#include <thread>

#include "tests/support/laws.hpp"

namespace mig::tests::laws {

namespace {

using runtime::Session;
using namespace std::chrono_literals;

std::string oid_of(Session& session, const sql::Qualified& relation) {
  const auto rows = session.run(sql::sql("SELECT to_regclass({})::oid", sql::Literal{sql::display(relation)}));
  return rows.rows.at(0).at(0).value_or("");
}

void declare(Session& session, const sql::Statement& statement, Held& declared) {
  for (const auto& lock : statement.locks) {
    const auto oid = oid_of(session, lock.relation);
    const auto [entry, added] = declared.emplace(oid, lock.mode);
    if (!added && entry->second < lock.mode) entry->second = lock.mode;
  }
}

bool changes_rows(const std::string& text) {
  for (const auto* word : {"INSERT ", "UPDATE ", "DELETE ", "WITH ", "SELECT ", "DO "})
    if (text.rfind(word, 0) == 0) return true;
  return false;
}

// A session that holds ROW EXCLUSIVE on the tables of a concurrent statement, so that it waits in its first phase.
// VACUUM does not wait for writers: it is held up by one of its own kind. DETACH waits for them while it holds nothing:
// to see what it takes before, it is held up at its partition, the last that it names.
class Blocker {
 public:
  Blocker(const runtime::Target& target, const sql::Statement& statement, bool watch) : session_(target) {
    (void)session_.run(sql::sql("BEGIN"));
    const bool vacuum = statement.text.text().rfind("VACUUM", 0) == 0;
    const bool detach = watch && statement.text.text().find(" DETACH PARTITION ") != std::string::npos;
    for (const auto& lock : statement.locks) {
      if (is_index(lock.relation)) continue;
      (void)session_.run(vacuum || (detach && &lock == &statement.locks.back())
                             ? sql::sql("LOCK TABLE ONLY {} IN SHARE UPDATE EXCLUSIVE MODE", lock.relation)
                             : hold(lock.relation));
    }
  }
  // Until this backend waits; false: it ended without waiting.
  bool waits(int pid, const std::future<void>& statement) {
    while (statement.wait_for(1ms) != std::future_status::ready)
      if (session_
              .run(sql::sql("SELECT count(*) > 0 FROM pg_locks WHERE pid = {} AND NOT granted",
                            static_cast<long long>(pid)))
              .truth())
        return true;
    return false;
  }
  // LOCK TABLE takes no materialized view; a statement that is only prepared takes the lock as well. An index is held
  // by its table.
  sql::Fragment hold(const sql::Qualified& relation) {
    const auto kind =
        session_
            .run(sql::sql("SELECT coalesce((SELECT c.relkind::text FROM pg_class c JOIN pg_namespace n ON "
                          "n.oid = c.relnamespace WHERE n.nspname = {} AND c.relname = {}), '')",
                          sql::Literal{relation.schema}, sql::Literal{relation.name}))
            .value();
    if (kind == "i" || kind == "I") return sql::sql("SELECT 'held by its table'");
    return kind == "m" ? sql::sql("PREPARE {} AS DELETE FROM {}", sql::Ident{relation.name}, relation)
                       : sql::sql("LOCK TABLE ONLY {} IN ROW EXCLUSIVE MODE", relation);
  }
  Session& session() { return session_; }
  void release() { (void)session_.run(sql::sql("ROLLBACK")); }

 private:
  // LOCK TABLE takes none.
  bool is_index(const sql::Qualified& relation) {
    return session_
        .run(sql::sql("SELECT count(*) > 0 FROM pg_index WHERE indexrelid = to_regclass({})",
                      sql::Literal{sql::display(relation)}))
        .truth();
  }
  Session session_;
};

}  // namespace

struct Runner::Impl {
  runtime::Target target;
  Findings& findings;
  std::unique_ptr<Session> session;

  Impl(runtime::Target t, Findings& f) : target(std::move(t)), findings(f) { connect(); }
  void connect() {
    const auto before = session ? session->backend_pid() : 0;
    session.reset();
    session = std::make_unique<Session>(target);
    (void)session->run(sql::sql("SET lock_timeout = '5s'"));
    // As the executor does, which waits for the lock of a session that died: until its server process has rolled back,
    // PostgreSQL takes the names that it made for taken (invoices_id_seq1).
    while (before != 0 && session
                              ->run(sql::sql("SELECT count(*) > 0 FROM pg_stat_activity WHERE pid = {}",
                                             static_cast<long long>(before)))
                              .truth())
      std::this_thread::sleep_for(1ms);
  }

  bool happened(const sql::Step& step) { return step.probe && session->run(step.probe->query).truth(); }
  void expect_probe(const sql::Step& step, bool wanted, const char* when) {
    if (!step.probe || happened(step) == wanted) return;
    findings.probe.push_back(fmt::format("{}: its probe is {} {}", step.title, !wanted, when));
  }

  // What runs: the action, or the revival of what an earlier way back kept aside.
  std::vector<const sql::Statement*> statements_of(const sql::Step& step) {
    if (!step.revival || !session->run(step.revival->when.query).truth()) return sql::statements(step.action);
    std::vector<const sql::Statement*> revived;
    for (const auto& statement : step.revival->statements) revived.push_back(&statement);
    return revived;
  }

  // Which of the locks of rows a change of rows takes (of partitions, of the other side of foreign keys) depends on the
  // rows: then it may take what is declared, and no more.
  void look_at_locks(const sql::Step& step, const sql::Statement& statement, Held declared, const Relations& existing,
                     bool rows) {
    auto seen = held_locks(*session, session->backend_pid());
    for (auto entry = declared.begin(); rows && entry != declared.end();) {
      const auto found = seen.find(entry->first);
      const bool within = found == seen.end() || found->second <= entry->second;
      if (entry->second > sql::LockMode::row_exclusive || !within) {
        ++entry;
        continue;
      }
      if (found != seen.end()) seen.erase(found);
      entry = declared.erase(entry);
    }
    for (const auto& line : compare_locks(seen, declared, existing))
      findings.lock.push_back(step.title + ": " + statement.text.text() + ": " + line);
  }

  // BEGIN and all statements, without COMMIT. `gone`: an earlier step of a way back took it along, so that nothing is
  // left to lock but what is named.
  void transact(const sql::Step& step, bool watch, bool gone = false) {
    const auto existing = relations(*session);
    const auto statements = statements_of(step);
    Held declared;
    bool rows = false;
    (void)session->run(sql::sql("BEGIN"));
    for (const auto* statement : statements) {
      declare(*session, *statement, declared);
      (void)session->run(statement->text);
      rows = rows || changes_rows(statement->text.text());
      if (watch && !gone) look_at_locks(step, *statement, declared, existing, rows);
    }
  }

  // True: removing it was the rest of the work.
  bool remove_remnant(const sql::Step& step, const sql::Concurrent& action) {
    if (!action.remnant || !action.cleanup || !session->run(action.remnant->query).truth()) return false;
    (void)session->run(action.cleanup->text);
    return happened(step);
  }

  // Runs the statement while a second session holds it up; then either reads its locks or kills it.
  void held_up(const sql::Step& step, const sql::Statement& statement, bool kill) {
    Blocker blocker(target, statement, !kill);
    const auto existing = relations(*session);
    Held declared;
    declare(*session, statement, declared);
    // The index's own lock comes with the last phase, and this is the first.
    std::erase_if(declared, [&](const auto& entry) {
      const auto found = existing.find(entry.first);
      return found != existing.end() && found->second.index;
    });
    const int pid = session->backend_pid();
    auto running = std::async(std::launch::async, [&] { (void)session->run(statement.text); });
    if (blocker.waits(pid, running)) {
      if (kill)
        (void)blocker.session().run(sql::sql("SELECT pg_terminate_backend({})", static_cast<long long>(pid)));
      else
        for (const auto& line : compare_locks(held_locks(blocker.session(), pid, true), declared, existing))
          findings.lock.push_back(step.title + ": " + statement.text.text() + ": " + line);
    } else {
      findings.lock.push_back(step.title + ": a writer does not hold it up, so its locks were not seen");
    }
    if (kill) {
      try {
        running.get();
      } catch (const runtime::DatabaseError&) {  // that is what it was killed for
      }
      connect();
    }
    blocker.release();
    if (!kill) running.get();
  }

  // One batch; true: another follows.
  bool batch(const sql::Step& step, const sql::Batches& action, bool watch) {
    const auto existing = relations(*session);
    Held declared;
    (void)session->run(sql::sql("BEGIN"));
    (void)session->run(sql::sql("SET LOCAL mig.batch = 150"));
    for (const auto& statement : action.statements) {
      declare(*session, statement, declared);
      (void)session->run(statement.text);
      if (watch) look_at_locks(step, statement, declared, existing, true);
    }
    (void)session->run(action.progress);
    return session->run(action.more.query).truth();
  }

  void batches(const sql::Step& step, const sql::Batches& action, bool watch) {
    for (bool more = true; more;) {
      more = batch(step, action, watch);
      (void)session->run(sql::sql("COMMIT"));
    }
  }

  void attempt(const sql::Step& step, bool watch, bool gone = false) {
    if (const auto* parts = std::get_if<sql::Batches>(&step.action)) return batches(step, *parts, watch && !gone);
    if (const auto* concurrent = std::get_if<sql::Concurrent>(&step.action)) {
      if (remove_remnant(step, *concurrent)) return;
      if (watch)
        held_up(step, concurrent->statement, false);
      else
        (void)session->run(concurrent->statement.text);
      return;
    }
    transact(step, watch, gone);
    (void)session->run(sql::sql("COMMIT"));
  }

  void crash(const sql::Step& step) {
    if (const auto* concurrent = std::get_if<sql::Concurrent>(&step.action)) {
      held_up(step, concurrent->statement, true);
    } else if (const auto* parts = std::get_if<sql::Batches>(&step.action)) {
      // One batch is in, and the next one dies.
      const bool more = batch(step, *parts, false);
      if (more) {
        (void)session->run(sql::sql("COMMIT"));
        (void)batch(step, *parts, false);
      }
      connect();
    } else {
      transact(step, false);
      connect();  // the old session ends without COMMIT
    }
  }
};

Runner::Runner(runtime::Target target, Findings& findings)
    : impl_(std::make_unique<Impl>(std::move(target), findings)) {}
Runner::~Runner() = default;

void Runner::run(const sql::Step& step) {
  impl_->expect_probe(step, false, "before it ran");
  impl_->attempt(step, true);
  impl_->expect_probe(step, true, "after it ran");
}

void Runner::run_quietly(const sql::Step& step) { impl_->attempt(step, false); }

void Runner::run_with_crash(const sql::Step& step) {
  impl_->crash(step);
  impl_->expect_probe(step, false, "after a crash within it");
  impl_->attempt(step, false);
  impl_->expect_probe(step, true, "after it ran again");
}

// As the executor: a transaction runs (it is written so that it may find nothing), a concurrent statement asks first.
void Runner::back(const sql::Step& step, bool crash) {
  for (const auto& back : step.back) {
    const bool gone = impl_->happened(back);
    if (gone && !sql::transactional(back.action)) continue;
    if (gone)
      impl_->attempt(back, true, true);
    else if (crash)
      run_with_crash(back);
    else
      run(back);
  }
}

}  // namespace mig::tests::laws
