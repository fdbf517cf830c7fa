// The operations of a plan's text, by "file:line" as steps name where they come from.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "cli/inverse.hpp"
#include "compiler/plan/plan.hpp"
#include "compiler/syntax/tree.hpp"

namespace mig::cli {

class Text {
 public:
  explicit Text(const plan::Plan& plan);
  // In the order in which they stand on that line.
  [[nodiscard]] std::vector<Written> at(const std::string& origin) const;
  [[nodiscard]] const source::Files& files() const { return files_; }
  // `in schema` of the migration; empty: none.
  [[nodiscard]] const std::string& schema() const { return schema_; }
  // The first line of an operation, as it is written.
  [[nodiscard]] std::string words(const Written& written) const;

 private:
  void take_section(const syntax::Section& section);
  void take_all(const std::vector<syntax::PhaseItem>& items);
  void take(const syntax::Call& call);

  source::Files files_;
  syntax::File tree_;
  std::string schema_;
  std::map<std::string, std::vector<Written>> calls_;
};

}  // namespace mig::cli
