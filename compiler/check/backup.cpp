// The backup block: what is copied, to where, and for how long.
#include <fmt/format.h>

#include <algorithm>

#include "compiler/check/looks.hpp"
#include "compiler/diagnostics/suggest.hpp"
#include "compiler/operations/resolve.hpp"

namespace mig::diagnostics {
extern const Code wrong_backup;
}

namespace mig::check {

namespace {

using syntax::Rule;

class Block {
 public:
  Block(const operations::Context& ctx, const syntax::Backup& written) : ctx_(ctx), written_(written) {}

  std::optional<sql::Backup> bound() {
    for (const auto& rule : written_.rules) add(rule);
    whole();
    return wrong_ ? std::nullopt : std::optional(made_);
  }

 private:
  diagnostics::Diagnostic& wrong(source::Span span, std::string message) {
    wrong_ = true;
    return ctx_.sink.report(diagnostics::wrong_backup, span, std::move(message));
  }

  void add(const Rule& rule) {
    const auto& word = rule.word.text;
    if (word == "files") return files(rule);
    if (word == "tables") return tables(rule);
    if (word == "database") return database(rule);
    if (word == "to") return to(rule);
    if (word == "keep") return keep(rule);
    auto& diagnostic = wrong(rule.word.span, fmt::format("`{}` is no rule of a backup", word));
    static const std::vector<std::string> known{"files", "tables", "database", "to", "keep"};
    if (const auto near = diagnostics::nearest(word, known, 1); !near.empty())
      diagnostic.suggest(near.front());
    else
      diagnostic.note("found: files, tables, database, to, keep");
  }

  // The same words mean the same files wherever the project lies.
  static bool leaves_the_project(const std::string& pattern) {
    return pattern.front() == '/' || ("/" + pattern + "/").find("/../") != std::string::npos;
  }

  void files(const Rule& rule) {
    if (!rule.text || rule.text->value.empty()) {
      wrong(rule.span, "`files` needs a pattern").note("write: files 'data/*.json';");
    } else if (leaves_the_project(rule.text->value)) {
      wrong(rule.text->span, "files are named from the project's folder, and lie in it")
          .note("write: files 'data/*.json';");
    } else {
      made_.files.push_back(rule.text->value);
    }
  }

  void tables(const Rule& rule) {
    if (rule.paths.empty()) {
      wrong(rule.span, "`tables` needs names of tables").note("write: tables orders, users;");
      return;
    }
    for (const auto& path : rule.paths) table(path);
  }

  void table(const syntax::Path& path) {
    const auto* found = operations::require_table(ctx_, path);
    if (found == nullptr) {
      wrong_ = true;
      return;
    }
    const auto twice = std::any_of(made_.tables.begin(), made_.tables.end(), [&](const auto& other) {
      return other.schema == found->name.schema && other.name == found->name.name;
    });
    if (twice)
      wrong(path.span, fmt::format("{} is named twice", ctx_.files.text(path.span)));
    else
      made_.tables.push_back({found->name.schema, found->name.name});
  }

  void database(const Rule& rule) {
    made_.database = true;
    database_ = rule.span;
    if (rule.text || rule.quantity || !rule.paths.empty())
      wrong(rule.span, "`database` takes no name: it is the one that is migrated").note("write: database;");
  }

  void to(const Rule& rule) {
    if (!made_.to.empty()) wrong(rule.span, "`to` stands here twice");
    if (!rule.text || rule.text->value.empty()) {
      wrong(rule.span, "`to` needs a directory").note("write: to 'backups/{timestamp}';");
      return;
    }
    made_.to = rule.text->value;
    auto rest = made_.to;
    for (const std::string known : {"{timestamp}", "{migration}"})
      for (auto at = rest.find(known); at != std::string::npos; at = rest.find(known)) rest.erase(at, known.size());
    if (rest.find_first_of("{}") != std::string::npos)
      wrong(rule.text->span, "only {timestamp} and {migration} are filled in")
          .note("write: to 'backups/{migration}-{timestamp}';");
    if (("/" + made_.to + "/").find("/../") != std::string::npos)
      wrong(rule.text->span, "the directory is named without `..`").note("write: to 'backups/{timestamp}';");
  }

  void keep(const Rule& rule) {
    if (!rule.quantity) {
      wrong(rule.span, "`keep` needs a time").note("write: keep 30d;");
      return;
    }
    const auto time = milliseconds(*rule.quantity, ctx_.sink);
    wrong_ = wrong_ || !time;
    if (time) made_.keep_seconds = *time / 1000;
  }

  void whole() {
    if (wrong_) return;
    if (made_.database && !made_.tables.empty())
      wrong(database_, "`database` holds the tables already").note("write one of: database; or tables …;");
    else if (!made_.database && made_.tables.empty() && made_.files.empty())
      wrong(written_.span, "this backs up nothing").note("write: files 'data/*.json'; tables orders; or database;");
    else if (made_.to.empty())
      wrong(written_.span, "where does the backup go?").note("write: to 'backups/{timestamp}';");
  }

  const operations::Context& ctx_;
  const syntax::Backup& written_;
  sql::Backup made_;
  source::Span database_;
  bool wrong_ = false;
};

}  // namespace

std::optional<sql::Backup> bound_backup(const operations::Context& ctx, const syntax::Backup& written) {
  return Block(ctx, written).bound();
}

}  // namespace mig::check
