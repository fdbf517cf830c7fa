// create composite: a type of several attributes.
#include <set>

#include <fmt/format.h>

#include "compiler/operations/composites.hpp"
#include "compiler/operations/named_types.hpp"
#include "compiler/operations/resolve.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

namespace {

using Fields = std::vector<syntax::Column>;

const Fields& fields(const Context& ctx) { return *ctx.call.get<Fields>("attributes"); }

catalog::Type written(const Context& ctx) {
  auto type = new_type(ctx, "composite");
  type.category = "C";
  type.length = -1;
  type.storage = "extended";
  for (const auto& field : fields(ctx)) type.attributes.push_back(make_attribute(ctx, field.name, field.definition));
  return type;
}

void check(const Context& ctx) {
  const auto& path = *ctx.call.get<syntax::Path>("name");
  if (!require_new_type(ctx, path) || !require_new_relation(ctx, path)) return;
  std::set<std::string> seen;
  for (const auto& field : fields(ctx)) {
    if (!require_name(ctx, field.name) || !check_attribute(ctx, new_name(ctx, path), field.definition)) continue;
    if (!seen.insert(field.name.text).second)
      ctx.sink.report(diagnostics::duplicate_name, field.name.span,
                      fmt::format("attribute `{}` stands twice", sql::quote_ident(field.name.text)));
  }
}

void effect(const Context& ctx, catalog::Catalog& after) { after.put(written(ctx)); }

std::vector<sql::Step> steps(const Context& ctx) {
  const auto type = written(ctx);
  return create_type_steps(ctx, type, create_composite_statements(type));
}

}  // namespace

extern const Operation create_composite;  // its line in operations.def finds it
constinit const Operation create_composite = {
    .name = "create_composite",
    .form = "create composite (name path) (attributes type_fields)",
    .summary = "Makes a composite type.",
    .description =
        R"md(`CREATE TYPE … AS (…)`, an instant. An attribute has a type and, where it is text, a collation; defaults, `not null` and checks
stand at columns, or in a domain. The name is free among types and relations.

The way back moves it to a schema `mig_park_…`, since columns that are kept aside as well may be of it; applying again brings it back with
them.
)md",
    .example = "create composite address (street text collate \"C\", number integer, town varchar(80), parts text[]);",
    .check = check,
    .breaks = [](const Context&) -> std::optional<Break> { return std::nullopt; },
    .effect = effect,
    .steps = steps,
};

}  // namespace mig::operations
