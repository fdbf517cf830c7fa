// The names that PostgreSQL gives to expressions: FigureColnameInternal of src/backend/parser/parse_target.c.
#include <cctype>

#include "compiler/operations/expressions.hpp"

namespace mig::operations {

namespace {

// A name with its strength: 2 a good one, 1 a weak one (a cast's type, "case"), 0 none.
struct Figured {
  std::string name;
  int strength = 0;
};

Figured figure(const syntax::Expr& e);

// The server's own name of a type, since it sees that one: int is int4, varchar stays varchar.
std::string type_name(const syntax::Type& type) {
  static constexpr std::pair<const char*, const char*> spelled[] = {{"int", "int4"},
                                                                    {"integer", "int4"},
                                                                    {"bigint", "int8"},
                                                                    {"smallint", "int2"},
                                                                    {"boolean", "bool"},
                                                                    {"real", "float4"},
                                                                    {"double precision", "float8"},
                                                                    {"decimal", "numeric"},
                                                                    {"dec", "numeric"},
                                                                    {"float", "float8"},
                                                                    {"character varying", "varchar"},
                                                                    {"character", "bpchar"},
                                                                    {"char", "bpchar"},
                                                                    {"bit varying", "varbit"}};
  const auto& last = type.name.parts.back();
  if ((last.text == "timestamp" || last.text == "time") && type.with == "with time zone") return last.text + "tz";
  if (!last.quoted)
    for (const auto& [written, internal] : spelled)
      if (last.text == written) return internal;
  return last.text;
}

Figured of_cast(const syntax::Expr& operand, const syntax::Type& type) {
  auto inner = figure(operand);
  return inner.strength <= 1 ? Figured{type_name(type), 1} : inner;
}

struct Figure {
  Figured operator()(const syntax::ColumnRef& e) const {
    return e.star ? Figured{} : Figured{e.path.parts.back().text, 2};
  }
  Figured operator()(const syntax::FunctionCall& e) const { return {e.function.parts.back().text, 2}; }
  Figured operator()(const syntax::Cast& e) const { return of_cast(*e.operand, e.type); }
  Figured operator()(const syntax::Typed& e) const { return {type_name(e.type), 1}; }
  Figured operator()(const syntax::Collate& e) const { return figure(*e.operand); }
  Figured operator()(const syntax::AtZone&) const { return {"timezone", 2}; }
  Figured operator()(const syntax::Subscript& e) const { return figure(*e.operand); }
  Figured operator()(const syntax::ArrayExpr&) const { return {"array", 2}; }
  Figured operator()(const syntax::RowExpr& e) const { return e.keyword ? Figured{"row", 2} : Figured{}; }
  Figured operator()(const syntax::FieldOf& e) const {
    return e.field ? Figured{e.field->text, 2} : figure(*e.operand);
  }
  Figured operator()(const syntax::Keyword& e) const {
    std::string word;  // current_timestamp(3): without its precision
    for (const char c : e.word)
      if (std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_')
        word += c;
      else
        break;
    return {word, 2};
  }
  Figured operator()(const syntax::Case& e) const {
    const auto inner = e.otherwise ? figure(**e.otherwise) : Figured{};
    return inner.strength <= 1 ? Figured{"case", 1} : inner;
  }
  template <class Other>
  Figured operator()(const Other&) const {  // operators, constants, sub-selects (refused elsewhere) have no name
    return {};
  }
};

Figured figure(const syntax::Expr& e) { return std::visit(Figure{}, e.node); }

}  // namespace

std::string figure_name(const syntax::Expr& expression) { return figure(expression).name; }

}  // namespace mig::operations
