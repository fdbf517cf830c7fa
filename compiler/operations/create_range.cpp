// create range: a type of ranges over another one, with its multirange type and constructors.
#include <algorithm>

#include <fmt/format.h>

#include "compiler/catalog/range_names.hpp"
#include "compiler/operations/collations.hpp"
#include "compiler/operations/comment_targets.hpp"
#include "compiler/operations/conversion.hpp"
#include "compiler/operations/definition.hpp"
#include "compiler/operations/named_types.hpp"
#include "compiler/operations/range_options.hpp"
#include "compiler/operations/ranges.hpp"
#include "compiler/operations/resolve.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

namespace {

const syntax::Path& path(const Context& ctx) { return *ctx.call.get<syntax::Path>("name"); }

catalog::Type written(const Context& ctx) {
  auto type = new_type(ctx, "range");
  type.category = "R";
  type.length = -1;
  type.storage = "extended";
  fill_range(ctx, type);
  return type;
}

void check(const Context& ctx) {
  if (!require_new_type(ctx, path(ctx)) || !check_range_options(ctx)) return;
  const auto type = written(ctx);
  auto parts = range_parts(ctx, type);
  if (!parts.multirange.name.empty() && parts.multirange.schema != type.name.schema &&
      !require_create(ctx, parts.multirange.schema, path(ctx).span))
    return;
  (void)require_free_parts(ctx, parts, path(ctx).parts.back().span);
}

void effect(const Context& ctx, catalog::Catalog& after) {
  auto type = written(ctx);
  if (ctx.before.server.major() >= 14) after.put(multirange_type(ctx, type));
  after.put(std::move(type));
}

std::vector<sql::Step> steps(const Context& ctx) {
  const auto type = written(ctx);
  return create_type_steps(ctx, type, {statement(create_range_text(ctx, type))});
}

}  // namespace

extern const Operation create_range;  // its line in operations.def finds it
constinit const Operation create_range = {
    .name = "create_range",
    .form = "create range (name path) (options settings)",
    .summary = "Makes a range type over another type.",
    .description =
        R"md(`CREATE TYPE … AS RANGE (…)`, an instant. Settings as in SQL: `subtype` (which must be there), `subtype_opclass`, `"collation"` (in quotes,
since the word is reserved),
`subtype_diff`, and from 14 on `multirange_type_name`. The subtype is written as one name: `float8`, `timestamptz`, not `double precision`.
`canonical` needs a type that is not finished and a function in C: it is written as `sql`.

PostgreSQL makes more than the type: from 14 on a multirange type (`price_range` gives `price_multirange`, `span` gives `span_multirange`,
where nothing else is said), and functions of both names that make values. Names that are taken are said before.

The way back moves all of them to a schema `mig_park_…`, since columns that are kept aside as well may be of the type; applying again
brings them back.
)md",
    .example =
        "create range weight_range (subtype = float8, subtype_diff = float8mi);\n"
        "create range word_span (subtype = text, \"collation\" = \"C\", subtype_opclass = text_pattern_ops);",
    .check = check,
    .breaks = [](const Context&) -> std::optional<Break> { return std::nullopt; },
    .effect = effect,
    .steps = steps,
};

}  // namespace mig::operations
