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
  auto step = transaction(ctx, "create enum " + type.name.text(), create_enum_statements(type), has_type(type.name));
  step.back = {drop_type_step(ctx, type)};
  std::vector<sql::Step> steps{std::move(step)};
  finish(steps, {catalog::key("type", type.name)});
  return steps;
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

The way back drops it, without `CASCADE`: a column of the type that somebody made meanwhile stops the way back.
)md",
    .example = "create enum payment_state ('open', 'paid', 'refunded');",
    .check = check,
    .breaks = [](const Context&) -> std::optional<Break> { return std::nullopt; },
    .effect = effect,
    .steps = steps,
};

}  // namespace mig::operations
