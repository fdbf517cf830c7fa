// Counts what is kept aside and what will be.
#include "runtime/stakes.hpp"

#include <variant>

namespace mig::runtime {

using sql::Ident;
using sql::Kept;
using sql::sql;

namespace {

class Counting {
 public:
  explicit Counting(const Target& target) : session_(target) {
    (void)session_.run(sql("SET default_transaction_read_only = on"));
    (void)session_.run(sql("SET statement_timeout = '2s'"));
  }

  // Nothing: it is not there any more.
  std::optional<Stake> count(const Kept& kept, bool returns) {
    Stake stake;
    stake.column = kept.kind == "column";
    stake.returns = returns;
    stake.what = sql::display(kept.original) + (stake.column ? "." + sql::quote_ident(kept.column) : "");
    const auto& place = returns ? kept.kept : kept.original;
    const auto column = returns ? kept.kept_column : kept.column;
    try {
      const auto rows = session_.run(
          stake.column ? sql("SELECT count({}), count(*) - count({}) FROM {}", Ident{column}, Ident{column}, place)
                       : sql("SELECT count(*), 0 FROM {}", place));
      stake.count = std::stoll(*rows.rows.at(0).at(0));
      stake.without = std::stoll(*rows.rows.at(0).at(1));
    } catch (const DatabaseError& error) {
      if (error.connection_lost()) throw;
      if (error.sqlstate == "42P01" || error.sqlstate == "42703" || error.sqlstate == "3F000") return std::nullopt;
    }
    return stake;
  }

 private:
  Session session_;
};

const std::vector<Kept>* kept_by(const sql::Action& action) {
  const auto* park = std::get_if<sql::Park>(&action);
  return park == nullptr ? nullptr : &park->kept;
}

bool counted(const Kept& kept) { return kept.kind == "column" || kept.kind == "table"; }

}  // namespace

std::vector<Stake> at_stake(const Target& target, const std::vector<const sql::Step*>& undone) {
  std::vector<Stake> stakes;
  Counting counting(target);
  const auto add = [&](const sql::Action& action, bool returns) {
    const auto* all = kept_by(action);
    if (all == nullptr) return;
    for (const auto& kept : *all)
      if (counted(kept))
        if (auto stake = counting.count(kept, returns)) stakes.push_back(std::move(*stake));
  };
  for (const auto* step : undone) {
    add(step->action, true);
    for (const auto& back : step->back) add(back.action, false);
  }
  return stakes;
}

}  // namespace mig::runtime
