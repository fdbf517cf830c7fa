// alter sequence: options of a sequence, and where it begins again.
#include <fmt/format.h>

#include "compiler/operations/render.hpp"
#include "compiler/operations/sequences.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

using sql::Fragment;
using sql::Literal;
using sql::LockMode;

namespace {

const syntax::Path& path(const Context& ctx) { return *ctx.call.get<syntax::Path>("sequence"); }

struct Change {
  catalog::Name name;
  catalog::SequenceOptions before, after;
  std::optional<std::string> restart;
};

Change change_of(const Context& ctx) {
  const auto& sequence = *find_sequence(ctx);
  Change change{sequence.name, sequence.options, {}, {}};
  change.after = written_sequence(ctx, sequence.options, SequenceChange::alter);
  change.restart = written_restart(ctx, change.after);
  return change;
}

// The value that it has reached, where introspection could read it: PostgreSQL holds it against new bounds.
bool check_reached(const Context& ctx, const catalog::Sequence& sequence, const catalog::SequenceOptions& after) {
  if (sequence.last_value.empty()) return true;
  const auto reached = std::stoll(sequence.last_value);
  if (reached >= std::stoll(after.min) && reached <= std::stoll(after.max)) return true;
  ctx.sink
      .report(diagnostics::wrong_value, path(ctx).span,
              fmt::format("`{}` has reached {}, which is not between {} and {} (22023)", sequence.name.text(), reached,
                          after.min, after.max))
      .note("write other bounds, or `restart with` a value between them");
  return false;
}

void check(const Context& ctx) {
  const auto* sequence = require_sequence(ctx);
  if (!sequence || !check_sequence_options(ctx, sequence->options, SequenceChange::alter)) return;
  const auto change = change_of(ctx);
  if (change.restart || !check_reached(ctx, *sequence, change.after)) return;
  if (!(change.after == change.before)) return;
  ctx.sink.report(diagnostics::nothing_to_do, path(ctx).span, fmt::format("`{}` is so already", sequence->name.text()))
      .note("take the line out");
}

std::optional<Break> breaks(const Context& ctx) {
  if (!change_of(ctx).restart) return std::nullopt;
  return Break{fmt::format("clients of the old schema would draw values of {} that were given out before",
                           find_sequence(ctx)->name.text()),
               fmt::format("write it in contract {{ alter sequence {} restart … }}", ctx.files.text(path(ctx).span))};
}

// The parameters of an identity stand at its column too.
void effect(const Context& ctx, catalog::Catalog& after) {
  auto changed = *find_sequence(ctx);
  changed.options = change_of(ctx).after;
  if (changed.identity)
    for (auto& column : after.edit_table(changed.owned_by).columns)
      if (column.name == changed.owned_by_column) column.sequence = changed.options;
  after.put(std::move(changed));
}

Fragment differences(const catalog::SequenceOptions& from, const catalog::SequenceOptions& to) {
  std::vector<Fragment> parts;
  // Another type moves bounds by itself: then all of them are said.
  const bool all = from.type != to.type;
  const auto number = [&](const std::string& old, const std::string& value, const Fragment& word) {
    if (all || old != value) parts.push_back(sql::sql("{} {}", word, expression(value)));
  };
  if (all) parts.push_back(sql::sql("AS {}", expression(to.type)));
  number(from.increment, to.increment, sql::sql("INCREMENT BY"));
  number(from.min, to.min, sql::sql("MINVALUE"));
  number(from.max, to.max, sql::sql("MAXVALUE"));
  number(from.start, to.start, sql::sql("START WITH"));
  if (from.cache != to.cache) parts.push_back(sql::sql("CACHE {}", expression(to.cache)));
  if (from.cycle != to.cycle) parts.push_back(to.cycle ? sql::sql("CYCLE") : sql::sql("NO CYCLE"));
  return sql::join(parts, " ");
}

sql::Statement alter(const catalog::Name& name, const Fragment& options) {
  return statement(sql::sql("ALTER SEQUENCE {} {}", name.sql(), options), {lock(name, LockMode::share_row_exclusive)});
}

// Where the value that was reached does not fit the bounds, PostgreSQL refuses (22023).
sql::Condition value_fits(const catalog::Name& name, const catalog::SequenceOptions& options) {
  return {fmt::format("the value of {} is between {} and {}", name.text(), options.min, options.max),
          sql::sql("SELECT last_value FROM {} WHERE last_value NOT BETWEEN {} AND {}", name.sql(),
                   expression(options.min), expression(options.max))};
}

bool narrower(const catalog::SequenceOptions& from, const catalog::SequenceOptions& to) {
  return from.min != to.min || from.max != to.max;
}

std::vector<sql::Step> option_steps(const Context& ctx, const Change& change) {
  auto step = transaction(ctx, "options of sequence " + change.name.text(),
                          {alter(change.name, differences(change.before, change.after))},
                          sequence_has(change.name, change.after));
  step.back = {transaction(ctx, "bring back the options of sequence " + change.name.text(),
                           {alter(change.name, differences(change.after, change.before))},
                           sequence_has(change.name, change.before))};
  if (narrower(change.after, change.before)) step.back.front().condition = value_fits(change.name, change.before);
  return {std::move(step)};
}

// ---- restart: the value that was reached is kept ----

// Nobody draws a value between reading it and setting another one.
sql::Statement hold(const catalog::Name& name, const std::string& cache) {
  auto made = alter(name, sql::sql("CACHE {}", expression(cache)));
  made.reason = "changes nothing: from here on nobody draws a value until the end";
  return made;
}

sql::Step park(const Context& ctx, const Change& change, const catalog::Name& kept) {
  auto step = transaction(ctx, fmt::format("sequence {} begins again with {}", change.name.text(), *change.restart), {},
                          has_relation(kept));
  auto options = differences(change.before, change.after);
  const auto restart = sql::sql("RESTART WITH {}", expression(*change.restart));
  options = options.empty() ? restart : sql::sql("{} {}", options, restart);
  auto create = statement(create_sequence_text(kept, change.before), {}, sql::Work::instant,
                          "keeps the value that was reached for the way back");
  auto copy = statement(
      sql::sql("SELECT pg_catalog.setval({}, last_value, is_called) FROM {}", Literal{kept.text()}, change.name.sql()),
      {lock(change.name, LockMode::access_share)});
  step.action = sql::Park{
      {hold(change.name, change.before.cache), std::move(create), std::move(copy), alter(change.name, options)},
      {{"sequence", change.name.sql(), {}, kept.sql(), {}}}};
  step.reversibility = sql::Reversibility::exact_until_purged;
  return step;
}

// Values that were drawn since lie further than the kept one: then it goes on behind them.
sql::Step bring_back(const Context& ctx, const Change& change, const catalog::Name& kept) {
  const bool down = change.before.increment.front() == '-';
  const auto further = down ? sql::sql("s.is_called AND s.last_value < k.last_value")
                            : sql::sql("s.is_called AND s.last_value > k.last_value");
  std::vector<sql::Statement> list;
  auto options = differences(change.after, change.before);
  list.push_back(hold(change.name, change.after.cache));
  list.push_back(statement(
      sql::sql(
          "SELECT pg_catalog.setval({}, CASE WHEN {} THEN s.last_value ELSE k.last_value END, ({}) OR k.is_called) "
          "FROM {} s, {} k",
          Literal{kept.text()}, further, further, change.name.sql(), kept.sql()),
      {lock(change.name, LockMode::access_share), lock(kept, LockMode::row_exclusive)}, sql::Work::instant,
      "the kept value, or behind what was drawn since where that lies further"));
  const auto back = sql::sql("RESTART WITH {}", expression(change.before.start));
  list.push_back(alter(change.name, options.empty() ? back : sql::sql("{} {}", options, back)));
  list.push_back(statement(
      sql::sql("SELECT pg_catalog.setval({}, last_value, is_called) FROM {}", Literal{change.name.text()}, kept.sql()),
      {lock(kept, LockMode::access_share)}));
  list.push_back(statement(sql::sql("DROP SEQUENCE {}", kept.sql()), {lock(kept, LockMode::access_exclusive)}));
  auto step = transaction(ctx, "bring back the value of sequence " + change.name.text(), std::move(list),
                          negate(has_relation(kept)));
  if (narrower(change.after, change.before)) step.condition = value_fits(change.name, change.before);
  return step;
}

sql::Step purge(const catalog::Name& name, const catalog::Name& kept) {
  sql::Step step;
  step.phase = sql::Phase::purge;
  step.title = "forget the value that sequence " + name.text() + " had reached";
  step.action =
      sql::Purge{{statement(sql::sql("DROP SEQUENCE {}", kept.sql()), {lock(kept, LockMode::access_exclusive)})},
                 {{"sequence", name.sql(), {}, kept.sql(), {}}}};
  step.probe = probe(negate(has_relation(kept)));
  step.reversibility = sql::Reversibility::irreversible;
  step.loss = {"the value that " + name.text() + " had reached"};
  return step;
}

std::vector<sql::Step> steps(const Context& ctx) {
  const auto change = change_of(ctx);
  std::vector<sql::Step> steps;
  if (change.restart) {
    const catalog::Name kept{change.name.schema, kept_name(ctx, change.name.name, "restart " + change.name.text())};
    auto step = park(ctx, change, kept);
    step.back = {bring_back(ctx, change, kept)};
    steps.push_back(std::move(step));
    steps.push_back(purge(change.name, kept));
  } else {
    steps = option_steps(ctx, change);
  }
  finish(steps, {catalog::key("sequence", change.name)});
  return steps;
}

}  // namespace

extern const Operation alter_sequence;  // its line in operations.def finds it
constinit const Operation alter_sequence = {
    .name = "alter_sequence",
    .form = "alter sequence (sequence path) (options seq_options)",
    .summary = "Changes the options of a sequence, or where it begins again.",
    .description =
        R"md(`ALTER SEQUENCE` takes SHARE ROW EXCLUSIVE on the sequence for an instant: whoever draws a value waits. Options: `as`, `increment`,
`minvalue`, `maxvalue`, `no minvalue`, `no maxvalue`, `start`, `cache`, `cycle`, `no cycle`, `restart [with n]`; what is not written stays. `as
bigint` takes a bound along that was the widest of the old type, as in SQL. `start` says where a later `restart` begins; the value that
comes next it does not touch.

`restart` gives out values again that were given out before, so it belongs in `contract`, and unique columns may refuse them. The value
that was reached is kept in a sequence `_mig_p_…` until purge. The way back brings it back exactly; where values were drawn since that lie
further, it goes on behind those.

The way back sets the options that were there. Where the bounds were narrower it asks first whether the value still lies between them.
)md",
    .example = "alter sequence invoice_numbers increment 10 maxvalue 99999 cache 50 cycle;",
    .check = check,
    .breaks = breaks,
    .effect = effect,
    .steps = steps,
};

}  // namespace mig::operations
