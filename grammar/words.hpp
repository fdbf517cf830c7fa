// PostgreSQL's keywords that are not free as names. None of mig's own words is reserved.
#pragma once

#include <string_view>

namespace mig::grammar {

// May this lower-case word not stand unquoted as the name of a table or column? (reserved, or reserved but for types
// and functions, in PostgreSQL's appendix C)
[[nodiscard]] bool reserved(std::string_view word);

// A word of the second group: no column, but a function or type may have this name (left, right, overlaps …).
[[nodiscard]] bool function_word(std::string_view word);

// Words that continue an expression after an operand. A form may not put one after an expression hole.
[[nodiscard]] bool infix_word(std::string_view word);

// Words that begin a declaration, a section or an item of a section: no verb phrase begins with one.
[[nodiscard]] bool section_word(std::string_view word);

}  // namespace mig::grammar
