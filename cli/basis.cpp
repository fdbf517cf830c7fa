// Choosing and loading a catalog.
#include "cli/basis.hpp"

#include <fmt/format.h>

#include <chrono>
#include <nlohmann/json.hpp>

#include "cli/text.hpp"
#include "compiler/catalog/snapshot.hpp"
#include "compiler/diagnostics/render.hpp"
#include "runtime/introspect.hpp"

namespace mig::cli {

namespace fs = std::filesystem;

namespace {

// The version in a snapshot's first line; 0: it is damaged, which read_snapshot says better.
int major_of(const std::string& objects) {
  const auto line = nlohmann::json::parse(objects.substr(0, objects.find('\n')), nullptr, false);
  if (!line.is_object() || !line.contains("server") || !line["server"].is_object()) return 0;
  return line["server"].value("version", 0) / 10000;
}

std::string how_old(const fs::path& path) {
  std::error_code error;
  const auto written = fs::last_write_time(path, error);
  if (error) return "";
  const auto passed =
      std::chrono::duration_cast<std::chrono::seconds>(fs::file_time_type::clock::now() - written).count();
  const auto words = age(passed);
  return words == "now" ? " (new)" : " (" + words + " old)";
}

Basis from_file(const fs::path& path, const std::string& shown, const Output& output) {
  return {read_snapshot_file(path, output), shown + how_old(path), nullptr};
}

// No objects but the schema that every database begins with, and nobody to lack a right.
Basis empty(int major) {
  Basis basis;
  basis.catalog.server.version = major * 10000;
  basis.catalog.server.encoding = "UTF8";
  basis.catalog.server.role = "postgres";
  basis.catalog.server.superuser = true;
  basis.catalog.server.search_path = {"public"};
  catalog::Object schema;
  schema.kind = "schema";
  schema.name = {"", "public"};
  basis.catalog.put(schema);
  basis.name = fmt::format("an empty catalog of PostgreSQL {}", major);
  return basis;
}

Failure no_catalog() {
  return Failure(usage, "no catalog to check against: none is named, and it is never guessed")
      .at("--catalog live, FILE or empty")
      .state("nothing was done")
      .then(
          "mig snapshot --url … snapshots/production.json   and in mig.toml:   "
          "catalog = \"snapshots/production.json\"   (or once: --catalog live, or --catalog empty)");
}

int asked_major(const Invocation& call) {
  const auto text = call.value("pg");
  if (!text) return 0;
  for (int major = 13; major <= 18; ++major)
    if (*text == std::to_string(major)) return major;
  throw Failure(usage, "`--pg " + *text + "` is not a supported version of PostgreSQL").then("--pg 13 to 18");
}

bool named_on_command_line(const Invocation& call) {
  return call.flags.count("url") + call.flags.count("target") + call.flags.count("sandbox") != 0;
}

Basis choose(const Invocation& call, const Project& project, const Output& output, int major) {
  const auto said = call.value("catalog");
  if (said == "live" || (!said && named_on_command_line(call))) return live_basis(call, project, output);
  // The oldest supported version's forms run on every newer one.
  if (said == "empty") return empty(major != 0 ? major : 13);
  if (said) return from_file(*said, *said, output);
  if (!project.config.catalog) throw no_catalog();
  return from_file(project.config.root / *project.config.catalog, *project.config.catalog, output);
}

}  // namespace

fs::path system_file(const fs::path& snapshot, int major) {
  return snapshot.parent_path() / fmt::format("postgresql-{}.json", major);
}

fs::path sizes_file(const fs::path& snapshot) {
  auto path = snapshot;
  path += ".sizes.json";
  return path;
}

catalog::Catalog read_snapshot_file(const fs::path& path, const Output& output) {
  const auto objects = std::make_shared<const std::string>(read_file(path));
  const auto beside = read_if_there(system_file(path, major_of(*objects)));
  const auto system = beside ? std::make_shared<const std::string>(*beside) : nullptr;
  diagnostics::Sink sink;
  auto catalog =
      catalog::read_snapshot(objects, system, read_if_there(sizes_file(path)).value_or(""), path.string(), sink);
  if (!sink.has_errors()) return catalog;
  const source::Files none;
  write_all(2, diagnostics::render(sink.list(), none, output.style(Stream::progress)) + "\n");
  throw Failure(usage, "the snapshot does not read")
      .at(path.string())
      .state("nothing was done")
      .then("mig snapshot " + path.string());
}

void require_sound(const Basis& basis) {
  const auto damage = basis.catalog.damage();
  if (damage.empty()) return;
  auto failure = Failure(usage, "the snapshot is damaged: " + damage.front());
  failure.code = "E0003";
  throw failure.at(basis.name).then("mig snapshot writes it anew");
}

Basis live_basis(const Invocation& call, const Project& project, const Output& output) {
  Basis basis;
  basis.connection = std::make_unique<Connection>(call, project, output);
  basis.catalog = runtime::introspect(basis.connection->target());
  basis.name = basis.connection->name() + ", live";
  return basis;
}

catalog::Catalog base_before(const Invocation& call, const Project& project, const Output& output,
                             const catalog::Catalog& live) {
  const auto said = call.value("catalog");
  if (said == "live" || (!said && !project.config.catalog))
    throw Failure(usage, said ? "the live catalog has what is to be adopted: it is no beginning"
                              : "no catalog that the migrations began from: none is named, and it is never guessed")
        .at("--catalog FILE or empty")
        .state("nothing was done")
        .then(
            "--catalog empty where the migrations make everything, else the snapshot from before them: --catalog FILE");
  auto basis = said == "empty" ? empty(live.server.major())
                               : from_file(said ? fs::path(*said) : project.config.root / *project.config.catalog,
                                           said.value_or(project.config.catalog.value_or("")), output);
  require_sound(basis);
  // The roles are the server's own; operations ask for owners and members.
  for (const auto* kind : {"role", "language", "tablespace"})
    for (const auto& name : live.names(kind))
      if (const auto* object = live.object(kind, name)) basis.catalog.put(*object);
  basis.catalog.server = live.server;
  // Also what the journal has already: the others are planned on what it made.
  basis.catalog.migrations.clear();
  return std::move(basis.catalog);
}

Basis choose_basis(const Invocation& call, const Project& project, const Output& output) {
  const int major = asked_major(call);
  auto basis = choose(call, project, output, major);
  if (major != 0) basis.catalog.server.version = major * 10000;
  return basis;
}

}  // namespace mig::cli
