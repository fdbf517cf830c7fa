// libFuzzer: no bytes make libpg_query or what stands around it crash or hang; spans lie in the text; an expression is
// the same as itself.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "compiler/sql/parse.hpp"

using namespace mig::sql;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  ParseError error;
  if (const auto spans = split(text, error)) {
    for (const auto& span : *spans)
      if (span.offset + span.length > text.size()) std::abort();
  } else if (error.message.empty() || error.offset > text.size()) {
    std::abort();
  }
  const auto known = facts(text, error);
  if (known && (known->kind.empty() || check_statement(text))) std::abort();
  if (const auto wrong = check_query(text); wrong && wrong->offset > text.size()) std::abort();
  if (const auto wrong = check_expression(text); wrong && wrong->offset > text.size()) std::abort();
  (void)columns_of(text);
  const auto half = text.size() / 2;
  const bool one = same_expression(text.substr(0, half), text.substr(half));
  if (one != same_expression(text.substr(half), text.substr(0, half))) std::abort();
  // with a blank, so that the texts differ and the trees are compared
  if (!check_expression(text) && !same_expression(text, " " + text)) std::abort();
  return 0;
}
