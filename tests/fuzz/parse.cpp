// libFuzzer: no bytes make the parser crash, hang or read beyond its text; every span lies in the file.
#include <cassert>
#include <cstdint>
#include <cstdlib>

#include "compiler/syntax/parse.hpp"

namespace {

mig::grammar::Vocabulary forms() {
  mig::grammar::Vocabulary made;
  for (const auto* text :
       {"add column (column path) <like (other path) / (definition definition)>",
        "create table (table path) (elements elements)",
        "add index [(name name)] on (table path) (elements index_elements) [include (include names)] [where (condition "
        "expression)]",
        "set not null (column path)",
        "drop column (column path)",
        "comment on <table (table path) / column (column path)> is (text text_or_null)",
        "sql (body body) [back (back body)]",
        "rename column (column path) to (new name)",
        "add foreign key [(name name)] on (table path) (columns names) (reference reference)",
        "add check [(name name)] on (table path) (condition condition)",
        "create enum (type path) (labels labels)",
        "insert into (table path) [(columns names)] values (rows rows)",
        "update (table path) set (assignments assignments) where (condition expression)",
        "grant (privileges privileges) on (table path) to (roles name_list)",
        "create trigger (trigger name) before|after (events events) on (table path) execute (function path) (arguments "
        "arguments)",
        "create view (view path) as (query query)",
        "create function (function path) (parameters parameters) returns (returns type) as (body body)",
        "create sequence (sequence path) [(options seq_options)]",
        "drop function (functions callables)",
        "attach (partition path) (bound partition_bound)",
        "add exclude on (table path) (elements exclude_elements)",
        "create type (type path) as (fields type_fields)",
        "set options (table path) (options settings)",
        "wait (time quantity)",
        "many (words words)",
        "domain (domain path) as (type type) (tail constraint_tail)"}) {
    std::string problem;
    auto form = mig::grammar::read_form(text, problem);
    if (!form) std::abort();
    made.forms.push_back(std::move(*form));
  }
  return made;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto vocabulary = forms();
  mig::source::Files files;
  const auto file = files.add("fuzz.mig", std::string(reinterpret_cast<const char*>(data), size));
  mig::diagnostics::Sink sink;
  (void)mig::syntax::parse(files, file, vocabulary, sink);
  (void)mig::syntax::parse_uses(files, file);
  for (const auto& one : sink.list())
    if (one.primary && (one.primary->span.begin > one.primary->span.end || one.primary->span.end > size)) std::abort();
  return 0;
}
