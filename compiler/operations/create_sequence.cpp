// create sequence: the way back keeps the value that it has reached, and coming again goes on from it.
#include <algorithm>

#include "compiler/operations/acl.hpp"
#include "compiler/operations/resolve.hpp"
#include "compiler/operations/sequences.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

namespace {

const syntax::Path& path(const Context& ctx) { return *ctx.call.get<syntax::Path>("name"); }

const syntax::Path* owner_path(const Context& ctx) {
  const auto* options = sequence_call_options(ctx);
  if (!options) return nullptr;
  for (const auto& option : *options)
    if (option.word == "owned" && option.path) return &*option.path;
  return nullptr;
}

bool owned_by_none(const syntax::Path& owner) {
  return owner.parts.size() == 1 && owner.parts.front().text == "none" && !owner.parts.front().quoted;
}

void check(const Context& ctx) {
  if (!require_new_relation(ctx, path(ctx))) return;
  if (!check_sequence_options(ctx, {}, SequenceChange::create)) return;
  const auto* owner = owner_path(ctx);
  if (owner && !owned_by_none(*owner))
    (void)require_owner_column(ctx, *owner, new_name(ctx, path(ctx)), ctx.before.server.role);
}

catalog::Sequence written(const Context& ctx) {
  catalog::Sequence made;
  made.name = new_name(ctx, path(ctx));
  made.owner = ctx.before.server.role;
  made.options = written_sequence(ctx, {}, SequenceChange::create);
  made.grants = initial_grants(ctx, "sequences", made.name.schema);
  const auto* owner = owner_path(ctx);
  if (!owner || owned_by_none(*owner)) return made;
  if (const auto column = find_owner_column(ctx, *owner)) {
    made.owned_by = column->table;
    made.owned_by_column = column->column;
  }
  return made;
}

void effect(const Context& ctx, catalog::Catalog& after) { after.put(written(ctx)); }

std::vector<sql::Step> steps(const Context& ctx) {
  const auto made = written(ctx);
  const auto text = create_sequence_text(made.name, made.options);
  std::vector<sql::Statement> list{statement(text)};
  if (const auto owner = owner_column(made)) list.push_back(owned_by_statement(made.name, owner));
  // The statement that makes it also makes the lock on it: nobody else can see it yet.
  if (list.size() > 1) list.back().locks.erase(list.back().locks.begin());
  auto step = transaction(ctx, "create sequence " + made.name.text(), std::move(list), has_relation(made.name));
  const auto schema = kept_schema(ctx, made.name.text() + '\n' + text.text());
  const auto park = park_sequence(made, schema);
  auto back = transaction(ctx, "keep sequence " + made.name.text() + " aside", {}, negate(has_relation(made.name)));
  back.action = park;
  step.back = {std::move(back)};
  auto home = bring_sequence_home(made, schema);
  home.front().reason = "with the value that it had reached before";
  step.revival = sql::Revival{probe(has_relation({schema, made.name.name})), std::move(home), park.kept};
  std::vector<sql::Step> steps{std::move(step)};
  std::vector<std::string> touches{catalog::key("sequence", made.name)};
  if (!made.owned_by.name.empty()) touches.push_back(catalog::key("table", made.owned_by));
  finish(steps, touches);
  return steps;
}

}  // namespace

extern const Operation create_sequence;  // its line in operations.def finds it
constinit const Operation create_sequence = {
    .name = "create_sequence",
    .form = "create sequence (name path) [(options seq_options)]",
    .summary = "Makes a sequence.",
    .description =
        R"md(Options as in SQL: `as smallint` (or `integer`, `bigint`, which is usual), `start`, `increment`, `minvalue`, `maxvalue`, `no minvalue`,
`no maxvalue`, `cache`, `cycle`, `no cycle`, `owned by table.column`. Values that PostgreSQL would refuse (22023) are refused here. A
sequence that is owned by a column goes with the column; an identity column makes its own.

Who draws values needs `grant usage on sequence … to …`.

The way back does not throw the value away that the sequence has reached: it is kept in a schema `mig_park_…`, and when the migration
is applied again the sequence goes on from there, so no number is given out twice.
)md",
    .example = "create sequence delivery_numbers as integer start 500 increment 5 maxvalue 90000 cache 20;",
    .check = check,
    .breaks = [](const Context&) -> std::optional<Break> { return std::nullopt; },
    .effect = effect,
    .steps = steps,
};

}  // namespace mig::operations
