// set owner of: the new owner gets what the old one had; the way back gives it back with the rights as they were.
#include <algorithm>

#include <fmt/format.h>

#include "compiler/operations/grant_calls.hpp"
#include "compiler/operations/owners.hpp"
#include "compiler/operations/render.hpp"
#include "compiler/operations/resolve.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

namespace {

const syntax::Name& role(const Context& ctx) { return *ctx.call.get<syntax::Name>("role"); }

void check(const Context& ctx) {
  const auto object = require_owned(ctx);
  if (!object || !require_role(ctx, role(ctx))) return;
  if (object->owner == role(ctx).text) {
    ctx.sink
        .report(diagnostics::nothing_to_do, role(ctx).span,
                fmt::format("{} is its owner already", sql::quote_ident(object->owner)))
        .note("take the line out");
    return;
  }
  if (grantee_of(role(ctx)).empty()) {
    ctx.sink.report(diagnostics::wrong_value, role(ctx).span, "public is no role that owns anything")
        .note("name a role");
    return;
  }
  if (!require_owner(ctx, object->kind, object->name, object->owner, ctx.call.span)) return;
  check_new_owner(ctx, *object, role(ctx));
}

// The old owner has no rights of its own any more, unless it is a superuser or a member of the new one.
std::optional<Break> breaks(const Context& ctx) {
  const auto object = *find_owned(ctx);
  const auto* old = ctx.before.object("role", {"", object.owner});
  if (old && old->facts.count("superuser") != 0) return std::nullopt;
  if (object.name.schema.empty() && object.kind != "schema") return std::nullopt;
  const auto* table = ctx.before.table(object.name);
  if (table && made_here(ctx, *table)) return std::nullopt;
  return Break{fmt::format("clients that come as {} lose the rights of the owner", sql::quote_ident(object.owner)),
               "write it in contract { … }, or grant that role what it needs and write it there"};
}

void effect(const Context& ctx, catalog::Catalog& after) { give(*find_owned(ctx), role(ctx).text, after); }

std::vector<sql::Step> steps(const Context& ctx) {
  const auto object = *find_owned(ctx);
  const auto& to = role(ctx).text;
  std::vector<sql::Step> steps{transaction(ctx, fmt::format("owner of {}: {}", object.key, sql::quote_ident(to)),
                                           {owner_statement(object, to)}, owned_by(object, to))};
  auto back = give_back_statements(ctx, object, to);
  steps.front().back = {transaction(ctx, fmt::format("owner of {}: {}", object.key, sql::quote_ident(object.owner)),
                                    std::move(back), owned_by(object, object.owner))};
  finish(steps, object.touches);
  return steps;
}

}  // namespace

extern const Operation set_owner;  // its line in operations.def finds it
constinit const Operation set_owner = {
    .name = "set_owner",
    .form =
        "set owner of <table (table path) / view (view path) / materialized view (matview path) / "
        "sequence (sequence path) / type (type path) / domain (domain path) / function (function callable) / "
        "procedure (procedure callable) / aggregate (aggregate callable) / schema (schema name) / "
        "publication (publication name) / statistics (statistics path)> to (role name)",
    .summary = "Gives an object to another role.",
    .description =
        R"md(One instant statement: ACCESS EXCLUSIVE on a table or view, its indexes and the sequences that belong to its columns, which
get the same owner; no table lock for the other kinds. Partitions and inheritors keep their owner.

As in PostgreSQL what the old owner had and granted is from then on the new owner's. The way back gives the object back,
and sets rights that had become one as they were before.

The role must be a member of the new owner, and the new owner must be allowed to create in the schema. A sequence of a
column goes with its table. It belongs in `contract` unless the old owner is a superuser: clients that come as the old
owner lose its rights.
)md",
    .example =
        "set owner of table orders to shop_reader;\n"
        "set owner of function product_label(bigint) to shop_reader;",
    .check = check,
    .breaks = breaks,
    .effect = effect,
    .steps = steps,
};

}  // namespace mig::operations
