// create enum: one instant statement.
#include <fmt/format.h>

#include "compiler/operations/enums.hpp"
#include "compiler/operations/named_types.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

namespace {

catalog::Type enum_of_call(const Context& ctx) {
  auto type = new_type(ctx, "enum");
  type.category = "E";
  type.length = 4;
  type.storage = "plain";
  for (const auto& label : *ctx.call.get<std::vector<syntax::Text>>("labels")) type.labels.push_back(label.value);
  return type;
}

void check(const Context& ctx) {
  const auto* path = ctx.call.get<syntax::Path>("name");
  const auto* labels = ctx.call.get<std::vector<syntax::Text>>("labels");
  if (!path || !labels) return;
  (void)require_new_type(ctx, *path);
  catalog::Type so_far;
  so_far.name = {{}, path->parts.back().text};
  for (const auto& label : *labels)
    if (require_new_label(ctx, so_far, label)) so_far.labels.push_back(label.value);
}

void effect(const Context& ctx, catalog::Catalog& after) { after.put(enum_of_call(ctx)); }

std::vector<sql::Step> steps(const Context& ctx) {
  const auto type = enum_of_call(ctx);
  return create_type_steps(ctx, type, create_enum_statements(type));
}

}  // namespace

extern const Operation create_enum;  // its line in operations.def finds it
constinit const Operation create_enum = {
    .name = "create_enum",
    .form = "create enum (name path) (labels labels)",
    .summary = "Makes an enum type.",
    .description =
        R"md(One instant statement. The labels sort in the order in which they stand; each has at most 63 bytes. The session's role
owns the type. An unqualified name goes to the schema of the migration.

The way back moves it to a schema `mig_park_…`, since columns that are kept aside as well may be of it; applying again
brings it back with them.
)md",
    .example = "create enum payment_state ('open', 'paid', 'refunded');",
    .check = check,
    .breaks = [](const Context&) -> std::optional<Break> { return std::nullopt; },
    .effect = effect,
    .steps = steps,
};

}  // namespace mig::operations
