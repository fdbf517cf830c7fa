// Which operation stands where in the text of a plan.
#include "cli/written.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "compiler/operations/operation.hpp"
#include "compiler/syntax/parse.hpp"

namespace mig::cli {

Text::Text(const plan::Plan& plan) {
  const auto file = files_.add(plan.file, plan.source);
  diagnostics::Sink ignored;
  tree_ = syntax::parse(files_, file, operations::vocabulary(), ignored);
  for (const auto& item : tree_.items)
    if (const auto* migration = std::get_if<syntax::Migration>(&item)) {
      if (migration->schema) schema_ = std::string(files_.text(migration->schema->span));
      for (const auto& section : migration->sections) take_section(section);
    }
}

std::vector<Written> Text::at(const std::string& origin) const {
  const auto found = calls_.find(origin);
  return found == calls_.end() ? std::vector<Written>{} : found->second;
}

std::string Text::words(const Written& written) const {
  const auto text = std::string(files_.text(written.call->span));
  auto line = text.substr(0, text.find('\n'));
  if (!line.empty() && line.back() == ';') line.pop_back();
  return line;
}

void Text::take_section(const syntax::Section& section) {
  if (const auto* phase = std::get_if<syntax::Phase>(&section))
    take_all(phase->items);
  else if (const auto* when = std::get_if<syntax::Box<syntax::WhenServer>>(&section))
    take_all((*when)->items);
  else if (const auto* call = std::get_if<syntax::Call>(&section))
    take(*call);
}

void Text::take_all(const std::vector<syntax::PhaseItem>& items) {
  for (const auto& item : items)
    if (const auto* when = std::get_if<syntax::Box<syntax::WhenServer>>(&item))
      take_all((*when)->items);
    else if (const auto* call = std::get_if<syntax::Call>(&item))
      take(*call);
}

void Text::take(const syntax::Call& call) {
  if (call.form >= operations::all().size()) return;
  const auto origin = fmt::format("{}:{}", files_[call.span.file].name, files_.place(call.span).line);
  const std::string operation = operations::all()[call.form]->name;
  auto& there = calls_[origin];
  const auto same =
      std::count_if(there.begin(), there.end(), [&](const auto& one) { return one.operation == operation; });
  there.push_back({&call, operation, static_cast<std::size_t>(same)});
}

}  // namespace mig::cli
