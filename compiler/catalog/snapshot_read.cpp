// Opening snapshots: the head line, the format, the place of every line; damage is said with its line.
#include "compiler/catalog/json_read.hpp"
#include "compiler/catalog/snapshot.hpp"
#include "compiler/catalog/snapshot_store.hpp"

namespace mig::catalog {

namespace {

using Text = SnapshotStore::Text;

class Opener {
 public:
  Opener(std::string_view file_name, diagnostics::Sink& sink) : file_(file_name), sink_(sink) {}

  void damaged(std::string_view what) {
    sink_.report(diagnostics::snapshot_damaged, "`" + file_ + "`: " + std::string(what))
        .note("write it anew: mig snapshot " + file_);
  }

  // The head line; nullopt and a diagnostic where it is not one of this format.
  std::optional<simdjson::dom::element> head(std::string_view text, simdjson::dom::parser& parser) {
    const auto line = text.substr(0, text.find('\n'));
    simdjson::dom::element parsed;
    std::int64_t format = 0;
    if (parser.parse(line.data(), line.size(), true).get(parsed) || parsed["mig_snapshot"].get(format)) {
      damaged("line 1 is not the head of a snapshot");
      return std::nullopt;
    }
    if (format > snapshot_format) {
      sink_
          .report(diagnostics::snapshot_newer, "`" + file_ + "` has format " + std::to_string(format) +
                                                   ", this mig reads up to " + std::to_string(snapshot_format))
          .note("use the mig that wrote it, or write it anew: mig snapshot " + file_);
      return std::nullopt;
    }
    if (format < 1) damaged("line 1 has the format " + std::to_string(format) + ", which never was");
    return format < 1 ? std::nullopt : std::optional(parsed);
  }

  SnapshotIndex index(std::string_view text, std::string_view what) {
    if (!simdjson::validate_utf8(text.data(), text.size())) {
      damaged(std::string(what) + "it is not UTF-8");
      return {};
    }
    std::string problem;
    SnapshotIndex made(text, problem);
    if (!problem.empty()) damaged(std::string(what) + problem);
    return made;
  }

  Server server(simdjson::dom::element head) {
    Server made;
    json::Reader reader;
    simdjson::dom::element member;
    if (head["server"].get(member))
      damaged("line 1 says nothing of the server");
    else if (!reader.read(member, made))
      damaged("line 1: server: " + reader.error);
    return made;
  }

 private:
  std::string file_;
  diagnostics::Sink& sink_;
};

bool given(const Text& text) { return text && !text->empty(); }

struct Sizes {
  std::shared_ptr<simdjson::dom::parser> parser = std::make_shared<simdjson::dom::parser>();
  simdjson::dom::element root;
};

// Estimates help hazards; without them, or with damaged ones, everything else still holds, but it is said.
Sizes read_sizes(std::string_view text, Opener& opener) {
  Sizes sizes;
  constexpr std::string_view none = "{}";
  if (text.empty()) text = none;
  if (!sizes.parser->parse(text.data(), text.size(), true).get(sizes.root) && sizes.root.is_object()) return sizes;
  opener.damaged("its .sizes.json is not JSON");
  return read_sizes(none, opener);
}

}  // namespace

Catalog read_snapshot(Text objects, Text system, std::string_view sizes, std::string_view file_name,
                      diagnostics::Sink& sink) {
  Opener opener(file_name, sink);
  simdjson::dom::parser parser;
  if (!given(objects)) {
    opener.damaged("it is empty");
    return {};
  }
  const auto head = opener.head(*objects, parser);
  if (!head) return {};
  Server server = opener.server(*head);
  const bool journal = !(*head)["journal"].error();
  auto index = opener.index(*objects, "");
  // The parser's next document ends the first one.
  const bool has_system = given(system) && opener.head(*system, parser);
  auto system_index = has_system ? opener.index(*system, "system snapshot: ") : SnapshotIndex{};
  auto estimates = read_sizes(sizes, opener);
  const auto store = std::make_shared<SnapshotStore>(std::move(objects), std::move(index), std::move(system),
                                                     std::move(system_index), estimates.root, estimates.parser);
  Catalog catalog(store);
  catalog.server = std::move(server);
  catalog.journal_present = journal;
  catalog.migrations = store->migrations();
  return catalog;
}

}  // namespace mig::catalog
