// What stands elsewhere in the catalog and names a table that goes: policies and rules of other tables, columns of its
// row type, functions that take or return its rows, defaults drawn from its sequences. PostgreSQL knows such a table by
// its number, so that all of it would follow to where the table is kept.
#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "compiler/catalog/each_text.hpp"
#include "compiler/catalog/rename_sequence.hpp"
#include "compiler/operations/dependents.hpp"
#include "compiler/operations/server_text.hpp"
#include "compiler/sql/words.hpp"

namespace mig::operations {

namespace {

using Names = std::set<catalog::Name>;

// Looks for tables in texts of the server, and in those that a user wrote and no server has printed yet.
class Named {
 public:
  Named(const Context& ctx, const Names& tables) : ctx_(ctx), tables_(tables) {
    for (const auto& table : tables) bare_.insert(table.name);
  }

  // The text names one of the tables, as a relation or as the type of its rows; and, where `column` is not empty, has
  // that word in it.
  [[nodiscard]] bool in(const std::string& text, const std::string& column = {}) const {
    const auto words = sql::words(text);
    const auto is_name = [&](std::size_t i) { return i < words.size() && words[i].is == sql::Word::Is::name; };
    const auto symbol = [&](std::size_t i, char c) {
      return i < words.size() && words[i].is == sql::Word::Is::symbol && text[words[i].begin] == c;
    };
    bool found = false, bare = false, word = column.empty();
    for (std::size_t i = 0; i < words.size(); ++i) {
      if (!is_name(i)) continue;
      word = word || words[i].value == column;
      bare = bare || bare_.count(words[i].value) != 0;
      const bool qualified = symbol(i + 1, '.') && is_name(i + 2) && !(i > 0 && symbol(i - 1, '.'));
      // A function of the same name has a parenthesis behind it.
      if (qualified && !symbol(i + 3, '(')) found = found || tables_.count({words[i].value, words[i + 2].value}) != 0;
    }
    return word && (found || (bare && reads(text)));
  }

 private:
  [[nodiscard]] bool reads(const std::string& text) const {
    const auto named = named_relations(ctx_, text);
    return std::any_of(named.begin(), named.end(), [&](const auto& name) { return tables_.count(name) != 0; });
  }

  const Context& ctx_;
  const Names& tables_;
  std::set<std::string> bare_;
};

bool bound_by_uses(const Context& ctx, const catalog::Key& key, const Names& tables) {
  const auto reads = [&](const std::vector<catalog::Use>& uses) {
    return std::any_of(uses.begin(), uses.end(), [&](const auto& use) { return tables.count(use.relation) != 0; });
  };
  if (key.kind == "view") {
    const auto* view = ctx.before.view(key.name);
    return view && reads(view->uses);
  }
  for (const auto* function : ctx.before.functions(key.name))
    if (function->arguments_key == key.part) return reads(function->uses);
  return false;
}

struct Said {
  const char* what;
  const char* way;
};
// Kinds whose texts hold on to a table; others go along with it (indexes, triggers, statistics) or are asked for by
// their own lists (foreign keys, publications).
const std::map<std::string, Said>& kinds() {
  static const std::map<std::string, Said> all{
      {"policy", {"asks for it", "drop or change the policy before"}},
      {"rule", {"uses it", "drop or change the rule before"}},
      {"column", {"is of the type of its rows", "drop or change that column before"}},
      {"type", {"is made of its rows", "drop or change that type before"}},
      {"function", {"takes or returns its rows", "drop or replace the function before"}},
      {"constraint", {"names it", "drop that constraint before"}},
      {"view", {"names it", "drop or replace the view before"}}};
  return all;
}

void add_sequences(const Context& ctx, const Names& tables, const std::string& column, std::vector<Dependent>& found) {
  for (const auto& table : tables)
    for (const auto& name : ctx.before.owned_sequences(table)) {
      const auto* sequence = ctx.before.sequence(name);
      if (!sequence || (!column.empty() && sequence->owned_by_column != column)) continue;
      for (const auto& user : catalog::users_of_sequence(ctx.before, name)) {
        const auto key = catalog::parse_key(user);
        const bool own = key && tables.count(key->name) != 0 && (column.empty() || key->part == column);
        if (!own)
          found.push_back({fmt::format("{} uses its sequence {}", user, name.text()),
                           "change that, or write before: set sequence owned by … to none"});
      }
    }
}

}  // namespace

std::vector<Dependent> dependents_elsewhere(const Context& ctx, const std::vector<catalog::Name>& list) {
  const Names tables(list.begin(), list.end());
  const Named named(ctx, tables);
  std::set<std::string> keys;
  auto copy = ctx.before;
  catalog::each_text(copy, [&](const std::string& key, std::string& text) {
    if (keys.count(key) == 0 && named.in(text)) keys.insert(key);
    return false;
  });
  std::vector<Dependent> found;
  for (const auto& text : keys) {
    const auto key = catalog::parse_key(text);
    const auto said = key ? kinds().find(key->kind) : kinds().end();
    if (said == kinds().end() || tables.count(key->name) != 0 || bound_by_uses(ctx, *key, tables)) continue;
    found.push_back({fmt::format("{} {}", text, said->second.what), said->second.way});
  }
  add_sequences(ctx, tables, {}, found);
  return found;
}

std::vector<Dependent> dependents_elsewhere(const Context& ctx, const std::vector<catalog::Name>& list,
                                            const std::string& column) {
  const Names tables(list.begin(), list.end());
  const Named named(ctx, tables);
  std::vector<Dependent> found;
  const auto add = [&](const char* kind, const catalog::Name& relation, const std::string& name) {
    found.push_back({fmt::format("{} may use it", catalog::key(kind, relation, name)),
                     fmt::format("drop or change the {} before", kind)});
  };
  const auto add_rules = [&](const catalog::Name& relation, const std::vector<catalog::Rule>& rules) {
    for (const auto& rule : rules)
      if (named.in(rule.definition, column)) add("rule", relation, rule.name);
  };
  for (const auto& name : ctx.before.names("table")) {
    if (tables.count(name) != 0) continue;  // its own are looked at one by one
    const auto* table = ctx.before.table(name);
    for (const auto& policy : table->policies)
      if (named.in(policy.using_, column) || named.in(policy.check, column)) add("policy", name, policy.name);
    add_rules(name, table->rules);
  }
  for (const auto& name : ctx.before.names("view")) add_rules(name, ctx.before.view(name)->rules);
  add_sequences(ctx, tables, column, found);
  return found;
}

}  // namespace mig::operations
