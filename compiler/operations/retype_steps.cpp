// The transaction that changes the type of a column, and the one that changes it back.
#include <algorithm>

#include <fmt/format.h>

#include "compiler/operations/defaults.hpp"
#include "compiler/operations/dependents.hpp"
#include "compiler/operations/render.hpp"
#include "compiler/operations/retype.hpp"
#include "compiler/operations/steps.hpp"
#include "compiler/operations/type_text.hpp"

namespace mig::operations {

using sql::Fragment;
using sql::Ident;
using sql::Literal;
using sql::LockMode;

namespace {

// One of the two directions.
struct Way {
  const Retype& change;
  std::string from, to, collation;
  const Fragment& using_;
  const Conversion& conversion;
  bool back;
};

Way forward(const Retype& change) {
  return {change, change.at.column->type, change.type, change.collation, change.using_there, change.there, false};
}
Way backward(const Retype& change) {
  return {change,      change.type, change.at.column->type, change.at.column->collation, change.using_back,
          change.back, true};
}

void append(std::vector<sql::Statement>& out, std::vector<sql::Statement> more) {
  for (auto& each : more) out.push_back(std::move(each));
}

const std::string& column_of(const Way& way) { return way.change.at.column->name; }
const catalog::Name& table_of(const Way& way) { return way.change.at.table->name; }
std::string said_column(const Way& way) {
  return fmt::format("{}.{}", table_of(way).text(), sql::quote_ident(column_of(way)));
}

Fragment alter(const catalog::Name& table, const std::string& column, bool only = false) {
  return only ? sql::sql("ALTER TABLE ONLY {} ALTER COLUMN {}", table.sql(), Ident{column})
              : sql::sql("ALTER TABLE {} ALTER COLUMN {}", table.sql(), Ident{column});
}

// ---- locks ----

void add_index_locks(const catalog::Table& table, const Way& way, std::vector<sql::Lock>& locks) {
  for (const auto& index : table.indexes)
    if ((way.conversion.rewrites && !table.partitioned()) || index_uses(index, column_of(way)))
      locks.push_back(lock({table.name.schema, index.name}, LockMode::access_exclusive));
}

// A foreign key with the column is made again: both of its tables.
void add_key_locks(const Context& ctx, const Way& way, std::vector<sql::Lock>& locks) {
  const auto both = [&](const catalog::Name& table) {
    for (auto& each : tree_locks(ctx, table, LockMode::access_exclusive)) locks.push_back(std::move(each));
  };
  for (const auto& name : ctx.before.tree(table_of(way)))
    if (const auto* table = ctx.before.table(name))
      for (const auto& key : table->constraints)
        if (key.kind == "foreign key" &&
            std::find(key.columns.begin(), key.columns.end(), column_of(way)) != key.columns.end())
          both(key.references);
  for (const auto& inbound : inbound_keys(ctx, *way.change.at.table, column_of(way))) both(inbound.table);
}

std::vector<sql::Lock> locks_of(const Context& ctx, const Way& way) {
  auto locks = tree_locks(ctx, table_of(way), LockMode::access_exclusive);
  for (const auto& name : ctx.before.tree(table_of(way)))
    if (const auto* table = ctx.before.table(name)) add_index_locks(*table, way, locks);
  add_key_locks(ctx, way, locks);
  const bool sequence = !way.change.at.column->identity.empty();
  for (const auto& name : ctx.before.owned_sequences(table_of(way)))
    if (sequence && ctx.before.sequence(name)->owned_by_column == column_of(way))
      locks.push_back(lock(name, LockMode::share_row_exclusive));
  return locks;
}

// ---- how long ----

bool any_table(const Context& ctx, const Way& way, auto test) {
  const auto names = ctx.before.tree(table_of(way));
  return std::any_of(names.begin(), names.end(), [&](const catalog::Name& name) {
    const auto* table = ctx.before.table(name);
    return table && test(*table);
  });
}

sql::Work work_of(const Context& ctx, const Way& way) {
  if (way.conversion.rewrites) return sql::Work::rewrite;
  const auto built_again = [&](const catalog::Index& index) {
    if (!index_uses(index, column_of(way))) return false;
    const bool computed = mentions_column(index.predicate, column_of(way)) ||
                          std::any_of(index.parts.begin(), index.parts.end(), [&](const catalog::IndexPart& part) {
                            return mentions_column(part.expression, column_of(way));
                          });
    return way.conversion.rebuilds || computed;
  };
  if (any_table(ctx, way, [&](const catalog::Table& table) {
        return std::any_of(table.indexes.begin(), table.indexes.end(), built_again);
      }))
    return sql::Work::build;
  const auto checked_again = [&](const catalog::Constraint& constraint) {
    return constraint.kind == "check" && constraint.validated && mentions_column(constraint.expression, column_of(way));
  };
  return any_table(ctx, way,
                   [&](const catalog::Table& table) {
                     return std::any_of(table.constraints.begin(), table.constraints.end(), checked_again);
                   })
             ? sql::Work::scan
             : sql::Work::instant;
}

std::string reason_of(sql::Work work) {
  switch (work) {
    case sql::Work::rewrite:
      return "PostgreSQL writes all rows and indexes anew for this change; the planner's statistics of the column go";
    case sql::Work::build:
      return "the rows stay as they are; indexes that compute with the column are built again";
    case sql::Work::scan:
      return "the rows stay as they are; a check on the column reads them again";
    case sql::Work::instant:
      break;
  }
  return "the rows and indexes stay as they are";
}

// ---- statements ----

// Refuses while it still can: a row whose value is another one after the way there and back.
void add_guard(const Context& ctx, const Way& way, std::vector<sql::Statement>& out) {
  const auto& [table, column] = way.change.at;
  if (way.conversion.lossless || way.change.free || ctx.call.loss || !column->generated.empty()) return;
  const auto value = sql::fragment(Ident{column->name});
  const auto made = way.using_.empty() ? cast_to(ctx, value, way.from, way.to) : way.using_;
  const auto again = cast_to(ctx, made, way.to, way.from);
  const auto rows =
      sql::sql("SELECT FROM {} WHERE ({})::text IS DISTINCT FROM ({})::text", table->name.sql(), again, value);
  const auto message = fmt::format("mig: {} holds values that would not survive as {}; to see them: SELECT * {}",
                                   said_column(way), way.to, rows.text().substr(std::string_view("SELECT").size() + 1));
  const auto body =
      sql::sql("BEGIN IF EXISTS ({}) THEN RAISE EXCEPTION USING ERRCODE = '22000', MESSAGE = {}; END IF; END", rows,
               Literal{fmt::format("{}", message)});
  out.push_back(statement(sql::sql("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE", table->name.sql()),
                          tree_locks(ctx, table->name, LockMode::access_exclusive)));
  out.push_back(statement(sql::sql("DO {}", Literal{body.text()}), {}, sql::Work::scan,
                          "no value is lost: it refuses where one would come back as another"));
}

sql::Statement type_statement(const Context& ctx, const Way& way) {
  auto text = sql::sql("{} TYPE {}", alter(table_of(way), column_of(way)), expression(way.to));
  if (!way.collation.empty()) text = sql::sql("{} COLLATE {}", text, expression(way.collation));
  if (!way.using_.empty() && !way.change.utc) text = sql::sql("{} USING {}", text, way.using_);
  const auto work = work_of(ctx, way);
  return statement(std::move(text), locks_of(ctx, way), work, reason_of(work));
}

// A new type brings its own storage.
void add_storage(const Context& ctx, const Way& way, std::vector<sql::Statement>& out) {
  if (!toastable(ctx, way.to)) return;
  for (const auto& name : ctx.before.tree(table_of(way))) {
    const auto* table = ctx.before.table(name);
    const auto* column = table ? table->column(column_of(way)) : nullptr;
    if (!column) continue;
    const auto locks = std::vector{lock(name, LockMode::access_exclusive)};
    if (!column->storage.empty() && (way.back || column->storage != usual_storage(ctx, way.to)))
      out.push_back(statement(
          sql::sql("{} SET STORAGE {}", alter(name, column->name, true), storage_word(column->storage)), locks));
    if (!column->compression.empty())
      out.push_back(statement(
          sql::sql("{} SET COMPRESSION {}", alter(name, column->name, true), Ident{column->compression}), locks));
  }
}

// Targets of index columns that are expressions, and targets and owners of statistics objects, go with what is made
// again.
void add_targets(const Context& ctx, const Way& way, std::vector<sql::Statement>& out) {
  for (const auto& name : ctx.before.tree(table_of(way))) {
    const auto* table = ctx.before.table(name);
    if (!table) continue;
    for (const auto& index : table->indexes)
      for (std::size_t i = 0; index_uses(index, column_of(way)) && i < index.parts.size(); ++i)
        if (index.parts[i].statistics >= 0)
          out.push_back(statement(sql::sql("ALTER INDEX {} ALTER COLUMN {} SET STATISTICS {}",
                                           sql::Qualified{name.schema, index.name}, static_cast<long long>(i + 1),
                                           static_cast<long long>(index.parts[i].statistics))));
    for (const auto& [kind, user] : ctx.before.users(name)) {
      if (kind != "statistics") continue;
      const auto* object = ctx.before.object(kind, user);
      if (!mentions(object->facts.at("definition"), column_of(way))) continue;
      if (const auto target = object->facts.find("target"); target != object->facts.end())
        out.push_back(
            statement(sql::sql("ALTER STATISTICS {} SET STATISTICS {}", user.sql(), expression(target->second))));
      // Last: who makes it again owns it, and only an owner changes it.
      if (!object->owner.empty() && object->owner != ctx.before.server.role)
        out.push_back(statement(sql::sql("ALTER STATISTICS {} OWNER TO {}", user.sql(), Ident{object->owner})));
    }
  }
}

void add_type(const Context& ctx, const Way& way, std::vector<sql::Statement>& out) {
  const auto& change = way.change;
  if (change.default_) out.push_back(default_change(ctx, table_of(way), column_of(way), {}));
  if (change.utc)
    out.push_back(statement(sql::sql("SET LOCAL TimeZone = 'UTC'"), {}, sql::Work::instant,
                            "with it PostgreSQL knows that the bits stay the same, and leaves the rows alone"));
  out.push_back(type_statement(ctx, way));
  if (change.utc) out.push_back(statement(sql::sql("SET LOCAL TimeZone TO DEFAULT")));
  add_storage(ctx, way, out);
  if (change.default_ && way.back) append(out, restore_defaults(ctx, *change.at.table, column_of(way)));
  if (change.default_ && !way.back) out.push_back(default_change(ctx, table_of(way), column_of(way), *change.default_));
  add_targets(ctx, way, out);
}

// ---- probes ----

// format_type() leaves out a schema that search_path finds.
Fragment type_is(const Context& ctx, const catalog::Name& table, const std::string& column, const std::string& type) {
  std::vector<Fragment> spellings{sql::fragment(Literal{type})};
  auto element = type;
  const bool array = element.size() > 2 && element.substr(element.size() - 2) == "[]";
  if (array) element.resize(element.size() - 2);
  if (const auto* known = type_of(ctx.before, element))
    spellings.push_back(sql::fragment(Literal{sql::quote_ident(known->name.name) + (array ? "[]" : "")}));
  return column_is(table, column,
                   sql::sql("pg_catalog.format_type(a.atttypid, a.atttypmod) IN ({})", sql::join(spellings, ", ")));
}

Fragment collation_is(const catalog::Name& table, const std::string& column, const std::string& collation) {
  if (collation.empty())
    return column_is(
        table, column,
        sql::sql("a.attcollation = (SELECT t.typcollation FROM pg_catalog.pg_type t WHERE t.oid = a.atttypid)"));
  const auto name = catalog::parse_name(collation);
  const auto bare = name && !name->empty() ? name->back() : collation;
  return column_is(
      table, column,
      sql::sql("EXISTS (SELECT FROM pg_catalog.pg_collation o WHERE o.oid = a.attcollation AND o.collname = {})",
               Literal{bare}));
}

Fragment done(const Context& ctx, const Way& way) {
  const auto& old = *way.change.at.column;
  if (old.type == way.change.type) return collation_is(table_of(way), old.name, way.collation);
  return type_is(ctx, table_of(way), old.name, way.to);
}

sql::Step step_of(const Context& ctx, const Way& way, const Hanging& hanging) {
  std::vector<sql::Statement> list;
  add_guard(ctx, way, list);
  append(list, drop_hanging(hanging));
  add_type(ctx, way, list);
  append(list, make_hanging(hanging));
  const bool collation = way.from == way.to;
  auto title = fmt::format("{} {} of {}: {}", way.back ? "bring back the" : "set the", collation ? "collation" : "type",
                           said_column(way), collation ? way.collation : way.to);
  if (collation && way.collation.empty()) title = fmt::format("bring back the collation of {}", said_column(way));
  if (!hanging.empty() && !said(hanging).empty()) title.append(", and make again: ").append(said(hanging));
  return transaction(ctx, std::move(title), std::move(list), done(ctx, way));
}

void add_condition(const Context& ctx, const Way& way, sql::Step& back) {
  if (way.conversion.lossless || way.change.free || ctx.call.loss) return;
  const auto misfit = does_not_fit(ctx, column_of(way), way.from, way.to);
  if (misfit.empty()) return;
  back.condition = sql::Condition{fmt::format("each {} fits into {}", said_column(way), way.to),
                                  sql::sql("SELECT * FROM {} WHERE {}", table_of(way).sql(), misfit)};
}

}  // namespace

std::vector<sql::Step> retype_steps(const Context& ctx, const Retype& change) {
  const auto hanging = what_hangs(ctx, {{{change.at.table->name, change.at.column->name}}, {}, {}, {}});
  auto step = step_of(ctx, forward(change), hanging);
  auto back = step_of(ctx, backward(change), hanging);
  add_condition(ctx, backward(change), back);
  if (change.free || (!change.there.lossless && ctx.call.loss && change.at.column->generated.empty())) {
    step.reversibility = sql::Reversibility::lossy;
    step.loss = {fmt::format("what {}.{} held as {}: the way back can only convert what it holds then",
                             change.at.table->name.text(), sql::quote_ident(change.at.column->name),
                             change.at.column->type)};
  }
  step.back = {std::move(back)};
  std::vector<sql::Step> steps{std::move(step)};
  auto keys = touches(hanging);
  keys.push_back(catalog::key("table", change.at.table->name));
  keys.push_back(catalog::key("column", change.at.table->name, change.at.column->name));
  finish(steps, keys);
  return steps;
}

}  // namespace mig::operations
