// Types of what a query computes: functions and operators by the types of their arguments, as PostgreSQL chooses them,
// and the one type that several branches have together.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "compiler/operations/operation.hpp"

namespace mig::operations {

// A type as format_type prints it, with its modifiers. Empty: not known here. `untyped`: a literal or null that takes
// the type of what stands beside it. The collation is said where it is not the type's own.
struct ValueType {
  std::string type, collation;
  friend bool operator==(const ValueType&, const ValueType&) = default;
};
inline constexpr const char* untyped = "unknown";

class QueryTypes {
 public:
  QueryTypes(const catalog::Catalog& catalog, std::string schema) : catalog_(catalog), schema_(std::move(schema)) {}

  // The type that UNION, CASE, COALESCE and ARRAY give to several (select_common_type); untyped where all are.
  [[nodiscard]] ValueType common(const std::vector<ValueType>& types) const;
  // The result of the one function that PostgreSQL chooses (func_select_candidate).
  [[nodiscard]] ValueType call(const catalog::Name& function, const std::vector<ValueType>& arguments) const;
  [[nodiscard]] const catalog::Function* chosen(const catalog::Name& function,
                                                const std::vector<ValueType>& arguments) const;
  // A prefix operator has one argument.
  [[nodiscard]] ValueType apply(const std::string& op, const std::vector<ValueType>& arguments) const;
  // The functions that a written name means: of its schema, else of pg_catalog and the search path.
  [[nodiscard]] std::vector<const catalog::Function*> functions(const catalog::Name& written) const;
  // The element of an array's type; empty where it is none.
  [[nodiscard]] static std::string element(const std::string& type);
  // The relation that a written name means.
  [[nodiscard]] std::optional<catalog::Name> relation(const catalog::Name& written) const;
  // A type as it is written in SQL, or empty.
  [[nodiscard]] std::string type_named(const catalog::Name& written) const;
  [[nodiscard]] const catalog::Catalog& catalog() const { return catalog_; }

 private:
  struct Candidate {
    std::vector<std::string> parameters;
    std::string result;
    const catalog::Function* function = nullptr;
  };
  [[nodiscard]] std::vector<std::string> path() const;
  [[nodiscard]] std::string plain(const std::string& type) const;  // no modifiers, no domain
  [[nodiscard]] int fit(const std::string& argument, const std::string& parameter) const;
  static void spread(Candidate& candidate, std::size_t count);
  [[nodiscard]] std::vector<Candidate> candidates(const catalog::Name& function, std::size_t count) const;
  [[nodiscard]] const std::vector<Candidate>& operators(const std::string& op) const;
  [[nodiscard]] const Candidate* choose(const std::vector<Candidate>& all,
                                        const std::vector<std::string>& arguments) const;
  [[nodiscard]] ValueType result_of(const Candidate& candidate, const std::vector<ValueType>& arguments) const;
  [[nodiscard]] std::string polymorphic(const Candidate& candidate, const std::vector<ValueType>& arguments) const;

  const catalog::Catalog& catalog_;
  std::string schema_;
  mutable std::map<std::string, std::vector<Candidate>> operators_;
};

// Without its modifiers: "character varying", "timestamp with time zone", "numeric[]".
[[nodiscard]] std::string without_modifiers(std::string type);

}  // namespace mig::operations
