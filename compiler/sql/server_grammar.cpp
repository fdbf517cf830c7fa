// The version of the grammar is libpg_query's; splitting goes by mig's own tokens.
#include "compiler/sql/server_grammar.hpp"

#include <pg_query.h>

#include "compiler/syntax/token.hpp"

namespace mig::sql {

namespace {

bool opens(std::string_view sign) { return sign == "(" || sign == "[" || sign == "{"; }
bool closes(std::string_view sign) { return sign == ")" || sign == "]" || sign == "}"; }

}  // namespace

int grammar_major() { return PG_VERSION_NUM / 10000; }

std::vector<StatementSpan> split_by_tokens(std::string_view script) {
  std::vector<StatementSpan> spans;
  std::size_t begin = 0, end = 0, depth = 0;
  bool any = false;
  const auto close = [&] {
    if (any) spans.push_back({begin, end - begin});
    any = false;
  };
  for (const auto& token : syntax::tokenize(script)) {
    const auto text = token.text(script);
    if (!syntax::is_significant(token) || text.empty()) continue;
    if (text == ";" && depth == 0) {
      close();
      continue;
    }
    if (opens(text)) ++depth;
    if (closes(text) && depth > 0) --depth;
    if (!any) begin = token.begin;
    any = true;
    end = token.begin + text.size();
  }
  close();
  return spans;
}

}  // namespace mig::sql
