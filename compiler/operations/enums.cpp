// Labels of enums: what may be one, how it is asked for and renamed.
#include "compiler/operations/enums.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "compiler/diagnostics/suggest.hpp"
#include "compiler/operations/function_bodies.hpp"
#include "compiler/operations/named_types.hpp"
#include "compiler/operations/resolve.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

using sql::Literal;

namespace {

bool wrong(const Context& ctx, const diagnostics::Code& code, source::Span span, std::string message,
           std::string note) {
  auto& diagnostic = ctx.sink.report(code, span, std::move(message));
  if (!note.empty()) diagnostic.note(std::move(note));
  return false;
}

std::string shown(const std::string& label) { return sql::fragment(Literal{label}).text(); }

}  // namespace

std::vector<sql::Statement> create_enum_statements(const catalog::Type& type) {
  std::vector<sql::Fragment> labels;
  for (const auto& label : type.labels) labels.push_back(sql::fragment(Literal{label}));
  return {statement(sql::sql("CREATE TYPE {} AS ENUM ({})", type.name.sql(), sql::join(labels, ", ")))};
}

bool has_label(const catalog::Type& type, const std::string& label) {
  return std::find(type.labels.begin(), type.labels.end(), label) != type.labels.end();
}

bool require_new_label(const Context& ctx, const catalog::Type& type, const syntax::Text& label) {
  if (label.value.size() > sql::max_name)
    return wrong(ctx, diagnostics::name_too_long, label.span,
                 fmt::format("the label has {} bytes, PostgreSQL takes {}", label.value.size(), sql::max_name), {});
  if (label.value.rfind("_mig_", 0) == 0)
    return wrong(ctx, diagnostics::reserved_name, label.span,
                 fmt::format("label {} belongs to mig", shown(label.value)),
                 "labels that begin with _mig_ are those that mig keeps aside");
  if (!has_label(type, label.value)) return true;
  return wrong(ctx, diagnostics::duplicate_name, label.span,
               fmt::format("`{}` has the label {} already", type.name.text(), shown(label.value)), {});
}

bool require_label(const Context& ctx, const catalog::Type& type, const syntax::Text& label) {
  if (has_label(type, label.value)) return true;
  auto& diagnostic = ctx.sink.report(diagnostics::unknown_object, label.span,
                                     fmt::format("`{}` has no label {}", type.name.text(), shown(label.value)));
  std::string all;
  for (const auto& each : type.labels) all.append(all.empty() ? "" : ", ").append(shown(each));
  diagnostic.note(fmt::format("found: {}", all.empty() ? "none" : all));
  return false;
}

sql::Fragment label_is_there(const catalog::Name& type, const std::string& label) {
  return type_is(type, sql::sql(" AND EXISTS (SELECT FROM pg_catalog.pg_enum e WHERE e.enumtypid = t.oid AND "
                                "e.enumlabel = {})",
                                Literal{label}));
}

sql::Statement rename_label_statement(const catalog::Name& type, const std::string& from, const std::string& to) {
  return statement(sql::sql("ALTER TYPE {} RENAME VALUE {} TO {}", type.sql(), Literal{from}, Literal{to}));
}

sql::Step rename_label_step(const Context& ctx, const catalog::Name& type, const std::string& from,
                            const std::string& to, std::string title) {
  return transaction(ctx, std::move(title), {rename_label_statement(type, from, to)},
                     both(label_is_there(type, to), negate(label_is_there(type, from))));
}

void warn_of_label(const Context& ctx, source::Span span, const std::string& label) {
  const auto quoted = shown(label);
  warn_of_bodies(ctx, span, quoted, [&](const std::string& body) { return body.find(quoted) != std::string::npos; });
}

}  // namespace mig::operations
