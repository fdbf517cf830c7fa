// A function's text names what is taken away: the server does not know, and finds out when it is called.
#include <fmt/format.h>

#include <set>

#include "compiler/hazards/changed_tables.hpp"
#include "compiler/operations/rebuild.hpp"

namespace mig::hazards {

namespace {

constexpr std::size_t most = 5;

// Bodies of strings: those of BEGIN ATOMIC are tracked by the server, and stand in the way by themselves.
bool is_text(const catalog::Function& function) {
  return function.kind != "aggregate" && function.language != "c" && function.language != "internal" &&
         function.uses.empty();
}

// The names that a step sets aside: of a table, or of a column with its table.
bool names_kept(const catalog::Function& function, const sql::Kept& kept) {
  const auto& text = function.definition;
  if (!operations::mentions(text, kept.original.name)) return false;
  return kept.column.empty() || operations::mentions(text, kept.column);
}

std::vector<std::string> functions_naming(const catalog::Catalog& catalog, const sql::Kept& kept) {
  std::vector<std::string> found;
  for (const auto& name : catalog.names("function")) {
    if (name.schema == "pg_catalog") continue;
    for (const auto* function : catalog.functions(name))
      if (!function->system && is_text(*function) && names_kept(*function, kept))
        found.push_back(fmt::format("{}({})", name.text(), function->arguments_key));
  }
  return found;
}

void look(const Context& ctx, std::size_t step, const sql::Kept& kept, std::vector<Finding>& out) {
  if (kept.kind != "table" && kept.kind != "column") return;
  const auto functions = functions_naming(*ctx.draft.items[step]->before, kept);
  if (functions.empty()) return;
  const auto what = kept.column.empty() ? sql::display(kept.original)
                                        : sql::display(kept.original) + "." + sql::quote_ident(kept.column);
  std::vector<std::string> notes;
  for (std::size_t i = 0; i < functions.size() && i < most; ++i) notes.push_back("found: " + functions[i]);
  if (functions.size() > most) notes.push_back(fmt::format("found: {} more", functions.size() - most));
  notes.emplace_back("replace function … first, where the name means this one");
  out.push_back({step, fmt::format("texts of functions name {}, which is taken away", what), std::move(notes)});
}

std::vector<Finding> find(const Context& ctx) {
  std::vector<Finding> out;
  for (std::size_t i = 0; i < ctx.draft.plan.steps.size(); ++i)
    if (const auto* park = std::get_if<sql::Park>(&ctx.draft.plan.steps[i].action))
      for (const auto& kept : park->kept) look(ctx, i, kept, out);
  return out;
}

}  // namespace

extern const Hazard function_texts;
constinit const Hazard function_texts = {
    .code = {"H0110", "function-texts", diagnostics::Severity::warning, "a function's text names what is taken away"},
    .description =
        R"md(The body of a function is a text to PostgreSQL (but for `BEGIN ATOMIC`): nothing stops a drop that it needs, and it fails
when it is called next, also as a trigger. The names are looked for as words; where one means something else, the warning
says nothing about it. Replace the function before, in the same `contract`.)md",
    .find = find,
};

}  // namespace mig::hazards
