// Who selects an attribute: the word behind `).`, and what pg_depend says of views and functions.
#include "compiler/operations/attribute_uses.hpp"

#include <algorithm>
#include <set>

#include "compiler/catalog/each_text.hpp"
#include "compiler/catalog/rename_uses.hpp"
#include "compiler/operations/rebuild.hpp"
#include "compiler/sql/words.hpp"

namespace mig::operations {

namespace {

using sql::Word;
using Names = std::set<std::string>;

enum class Meant { no, surely, perhaps };

class Uses {
 public:
  Uses(const Context& ctx, const catalog::Type& type, std::string attribute)
      : ctx_(ctx),
        type_(type),
        attribute_(std::move(attribute)),
        shared_(has_namesake()),
        columns_(columns_of_type()) {}

  // Places of the attribute's word; `perhaps` where they may be of something else.
  Meant look(const std::string& key, const std::string& text, std::vector<Word>& places) const {
    if (text.find(sql::quote_ident(attribute_)) == std::string::npos) return Meant::no;
    const auto words = sql::words(text);
    bool written = false;
    for (std::size_t i = 2; i < words.size(); ++i) {
      if (words[i].is != Word::Is::name || words[i].value != attribute_ || !symbol(text, words[i - 1], '.')) continue;
      if (symbol(text, words[i - 2], ')')) places.push_back(words[i]);
      // SET size.width = …, INSERT INTO products (size.width): of a query it is the column of a table.
      if (words[i - 2].is == Word::Is::name && columns_.count(words[i - 2].value) != 0) written = true;
    }
    return judge(key, places.empty(), written);
  }

 private:
  static bool symbol(const std::string& text, const Word& word, char c) {
    return word.is == Word::Is::symbol && text[word.begin] == c;
  }

  [[nodiscard]] Meant judge(const std::string& key, bool none, bool written) const {
    const auto parsed = catalog::parse_key(key);
    const bool known = parsed && (parsed->kind == "view" || parsed->kind == "function");
    if (known) {
      const auto* uses = uses_of(*parsed);
      if (uses && !depends(*uses)) return Meant::no;
      if (written && parsed->kind == "function") return Meant::perhaps;
      if (none) return Meant::no;
      return uses && !others_too(*uses) ? Meant::surely : Meant::perhaps;
    }
    if (written && parsed && parsed->kind == "rule") return Meant::perhaps;
    if (none) return Meant::no;
    return shared_ ? Meant::perhaps : Meant::surely;
  }

  [[nodiscard]] const std::vector<catalog::Use>* uses_of(const catalog::Key& key) const {
    if (key.kind == "view") {
      const auto* view = ctx_.before.view(key.name);
      return view ? &view->uses : nullptr;
    }
    for (const auto* function : ctx_.before.functions(key.name))
      if (function->arguments_key == key.part) return &function->uses;
    return nullptr;
  }
  [[nodiscard]] bool depends(const std::vector<catalog::Use>& uses) const {
    return std::any_of(uses.begin(), uses.end(), [&](const auto& use) {
      return use.relation == type_.name &&
             std::find(use.columns.begin(), use.columns.end(), attribute_) != use.columns.end();
    });
  }
  // Another composite type with an attribute of this name, in the same text.
  [[nodiscard]] bool others_too(const std::vector<catalog::Use>& uses) const {
    return std::any_of(uses.begin(), uses.end(), [&](const auto& use) {
      return use.relation != type_.name && ctx_.before.type(use.relation) &&
             std::find(use.columns.begin(), use.columns.end(), attribute_) != use.columns.end();
    });
  }

  [[nodiscard]] bool has_namesake() const {
    for (const auto& name : ctx_.before.names("type")) {
      const auto* other = ctx_.before.type(name);
      if (name != type_.name && !other->system &&
          std::any_of(other->attributes.begin(), other->attributes.end(),
                      [&](const auto& each) { return each.name == attribute_; }))
        return true;
    }
    return false;
  }
  [[nodiscard]] Names columns_of_type() const {
    Names found;
    for (const auto& name : ctx_.before.names("table"))
      for (const auto& column : ctx_.before.table(name)->columns)
        if (mentions(column.type, type_.name)) found.insert(column.name);
    return found;
  }

  const Context& ctx_;
  const catalog::Type& type_;
  const std::string attribute_;
  const bool shared_;
  const Names columns_;
};

std::vector<Dependent> users(const Context& ctx, const catalog::Type& type, const std::string& attribute,
                             bool unsure_only) {
  const Uses uses(ctx, type, attribute);
  std::vector<Dependent> found;
  Names seen;
  auto copy = ctx.before;
  catalog::each_text(copy, [&](const std::string& key, std::string& text) {
    std::vector<Word> places;
    const auto meant = uses.look(key, text, places);
    if (meant == Meant::no || (unsure_only && meant == Meant::surely) || !seen.insert(key).second) return false;
    found.push_back({key + (meant == Meant::surely ? " uses it" : " may use it"),
                     meant == Meant::surely ? "drop or change it before" : "drop it before and make it again after"});
    return false;
  });
  return found;
}

}  // namespace

std::vector<Dependent> attribute_users(const Context& ctx, const catalog::Type& type, const std::string& attribute) {
  return users(ctx, type, attribute, false);
}

std::vector<Dependent> unsure_attribute_users(const Context& ctx, const catalog::Type& type,
                                              const std::string& attribute) {
  return users(ctx, type, attribute, true);
}

void rename_attribute_everywhere(const Context& ctx, catalog::Catalog& after, const catalog::Type& type,
                                 const std::string& from, const std::string& to) {
  const Uses uses(ctx, type, from);
  catalog::each_text(after, [&](const std::string& key, std::string& text) {
    std::vector<Word> places;
    if (uses.look(key, text, places) != Meant::surely) return false;
    for (auto place = places.rbegin(); place != places.rend(); ++place)
      text.replace(place->begin, place->end - place->begin, sql::quote_ident(to));
    return !places.empty();
  });
  catalog::rename_used_column(after, type.name, from, to);
  auto changed = *after.type(type.name);
  for (auto& each : changed.attributes)
    if (each.name == from) each.name = to;
  after.put(std::move(changed));
}

}  // namespace mig::operations
