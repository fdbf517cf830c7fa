// Bodies in PL/pgSQL through libpg_query.
#include "compiler/sql/plpgsql.hpp"

#include <pg_query.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>
#include <nlohmann/json.hpp>

#include "compiler/sql/server_parser.hpp"

namespace mig::sql {

namespace {

using nlohmann::json;

// The functions of PostgreSQL's source that report mistakes of the text alone. Others ask for types, which are not
// known here: `v.x := 1` of a row type fails in libpg_query and not in a database.
bool is_of_text(std::string_view reporter) {
  constexpr std::array<std::string_view, 7> known{"plpgsql_yyerror",    "scanner_yyerror", "word_is_not_variable",
                                                  "read_sql_construct", "check_labels",    "check_raise_parameters",
                                                  "base_yyerror"};
  return std::find(known.begin(), known.end(), reporter) != known.end();
}

// `compilation of PL/pgSQL function "f" near line 3`
int line_of(const char* context) {
  const std::string_view text = context == nullptr ? "" : context;
  const auto at = text.rfind(" line ");
  return at == std::string_view::npos ? 1 : std::max(1, std::atoi(std::string(text.substr(at + 6)).c_str()));
}

bool is_null(std::string text) {
  std::erase_if(text, [](char c) { return c == ' ' || c == '\n' || c == '\t' || c == '(' || c == ')'; });
  std::transform(text.begin(), text.end(), text.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? c + 32 : c; });
  return text == "null";
}

std::string query_of(const json& holder, const char* field) {
  const auto found = holder.find(field);
  if (found == holder.end() || !found->contains("PLpgSQL_expr")) return {};
  return (*found)["PLpgSQL_expr"].value("query", "");
}

// The fields of the record NEW among the datums, by their number.
class Datums {
 public:
  explicit Datums(const json& function) {
    const auto found = function.find("datums");
    if (found != function.end()) list_ = &*found;
    new_ = function.value("new_varno", -1);
  }
  [[nodiscard]] std::string field_of_new(int number) const {
    if (list_ == nullptr || number < 0 || static_cast<std::size_t>(number) >= list_->size()) return {};
    const auto& datum = (*list_)[static_cast<std::size_t>(number)];
    const auto field = datum.find("PLpgSQL_recfield");
    if (field == datum.end() || field->value("recparentno", -1) != new_) return {};
    return field->value("fieldname", "");
  }

 private:
  const json* list_ = nullptr;
  int new_ = -1;
};

void add_statement(const std::string& kind, const json& node, const Datums& datums, PlpgsqlFacts& facts) {
  if (kind == "PLpgSQL_stmt_raise") facts.raises = facts.raises || node.value("elog_level", 0) >= 21;
  if (kind == "PLpgSQL_stmt_assert") facts.raises = true;
  if (kind == "PLpgSQL_stmt_return") facts.returns_null = facts.returns_null || is_null(query_of(node, "expr"));
  if (kind == "PLpgSQL_stmt_assign")
    if (auto field = datums.field_of_new(node.value("varno", -1)); !field.empty())
      facts.assigned.push_back(std::move(field));
  for (const char* field : {"sqlstmt", "query", "expr", "argquery"})
    if (auto text = query_of(node, field); !text.empty() && kind != "PLpgSQL_stmt_assign")
      facts.statements.push_back(std::move(text));
}

void walk(const json& root, const Datums& datums, PlpgsqlFacts& facts) {
  std::vector<const json*> open{&root};
  while (!open.empty()) {
    const auto* node = open.back();
    open.pop_back();
    if (node->is_object())
      for (const auto& [key, value] : node->items())
        if (key.rfind("PLpgSQL_", 0) == 0 && value.is_object()) add_statement(key, value, datums, facts);
    if (node->is_structured())
      for (const auto& child : *node) open.push_back(&child);
  }
  std::sort(facts.assigned.begin(), facts.assigned.end());
  facts.assigned.erase(std::unique(facts.assigned.begin(), facts.assigned.end()), facts.assigned.end());
}

}  // namespace

std::optional<PlpgsqlFacts> plpgsql_facts(std::string_view definition, std::optional<PlpgsqlError>& error) {
  error.reset();
  if (auto refused = refuse(definition)) return error = PlpgsqlError{refused->message, 1}, std::nullopt;
  const std::string terminated(definition);
  auto result = pg_query_parse_plpgsql(terminated.c_str());
  const std::unique_ptr<PgQueryPlpgsqlParseResult, void (*)(PgQueryPlpgsqlParseResult*)> owner(
      &result, [](PgQueryPlpgsqlParseResult* each) { pg_query_free_plpgsql_parse_result(*each); });
  if (result.error != nullptr) {
    if (is_of_text(result.error->funcname == nullptr ? "" : result.error->funcname))
      error = PlpgsqlError{result.error->message, line_of(result.error->context)};
    return std::nullopt;
  }
  const auto tree = json::parse(result.plpgsql_funcs, nullptr, false);
  if (tree.is_discarded() || !tree.is_array() || tree.empty()) return std::nullopt;
  PlpgsqlFacts facts;
  for (const auto& each : tree)
    if (const auto found = each.find("PLpgSQL_function"); found != each.end()) walk(*found, Datums(*found), facts);
  return facts;
}

}  // namespace mig::sql
