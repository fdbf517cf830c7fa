// Times are the server's: the machine that asks may be wrong about them.
#include "compiler/plan/waits.hpp"

#include <fmt/format.h>

namespace mig::plan {

using sql::Fragment;
using sql::Literal;
using sql::sql;

namespace {

std::string clock(int minutes) { return fmt::format("{:02}:{:02}", minutes / 60, minutes % 60); }

Fragment here(const ir::Window& window) { return sql("(clock_timestamp() AT TIME ZONE {})", Literal{window.zone}); }

}  // namespace

Fragment opens_at(const Plan& plan, const ::mig::sql::Gate& gate) {
  return sql("(SELECT since + make_interval(secs => {}) FROM mig.migration WHERE name = {})", gate.after_seconds,
             Literal{plan.migration});
}

Fragment approved(const Plan& plan, const ::mig::sql::Gate& gate) {
  return sql("EXISTS (SELECT FROM mig.approval WHERE plan = (SELECT id FROM mig.plan WHERE hash = {}) AND name = {})",
             Literal{hash(plan)}, Literal{gate.approval});
}

Fragment in_window(const ir::Window& window) {
  // 24:00 is the last moment of a day as a time; past midnight the two halves of the day are in.
  const auto from = Literal{clock(window.from)}, to = Literal{clock(window.to)};
  if (window.from < window.to)
    return sql("({}::time >= {}::time AND {}::time < {}::time)", here(window), from, here(window), to);
  return sql("({}::time >= {}::time OR {}::time < {}::time)", here(window), from, here(window), to);
}

Fragment window_opens(const ir::Window& window) {
  return sql(
      "((date_trunc('day', {}) + {}::interval\n"
      "  + CASE WHEN {}::time >= {}::time THEN interval '1 day' ELSE interval '0' END) AT TIME ZONE {})",
      here(window), Literal{clock(window.from)}, here(window), Literal{clock(window.from)}, Literal{window.zone});
}

Fragment utc(const Fragment& moment) {
  return sql("to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')", moment);
}

std::string words(const ir::Window& window) {
  return fmt::format("{}-{} {}", clock(window.from), clock(window.to), window.zone);
}

}  // namespace mig::plan
