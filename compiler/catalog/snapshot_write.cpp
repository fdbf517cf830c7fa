// Writing snapshots: the head line, the journal's rows, then every object.
#include <charconv>

#include "compiler/catalog/lines.hpp"
#include "compiler/catalog/snapshot.hpp"

namespace mig::catalog {

namespace {

// Appends `"name":{` … of one entry of sizes; each entry stands on a line of its own.
void begin_entry(std::string& out, bool& first, std::string_view name) {
  out += first ? "\n" : ",\n";
  first = false;
  text::append_string(out, name);
  out += ':';
}

void append_real(std::string& out, double value) {
  char digits[32];
  const auto [end, error] = std::to_chars(digits, digits + sizeof digits, value);
  static_cast<void>(error);  // 32 characters hold every double
  out.append(digits, end);
}

// Attribute numbers are told only where columns were dropped: otherwise they count from 1.
void append_numbers(std::string& out, const Table& table) {
  bool gaps = false;
  int expected = 1;
  for (const auto& column : table.columns) gaps = gaps || column.number != expected++;
  if (!gaps) return;
  out += ",\"numbers\":[";
  for (const auto& column : table.columns) {
    if (&column != table.columns.data()) out += ',';
    text::append_number(out, column.number);
  }
  out += ']';
}

std::string write_sizes(const Catalog& catalog) {
  std::string out = "{\"mig_sizes\":1,\n\"tables\":{";
  bool first = true;
  for (const auto& name : catalog.names("table")) {
    const auto* table = catalog.table(name);
    begin_entry(out, first, name.text());
    out += "{\"rows\":";
    append_real(out, table->rows);
    out += ",\"bytes\":";
    text::append_number(out, table->bytes);
    append_numbers(out, *table);
    out += '}';
  }
  out += "},\n\"sequences\":{";
  first = true;
  for (const auto& name : catalog.names("sequence"))
    if (const auto& last = catalog.sequence(name)->last_value; !last.empty()) {
      begin_entry(out, first, name.text());
      text::append_string(out, last);
    }
  out += "},\n\"migrations\":{";
  first = true;
  for (const auto& migration : catalog.migrations) {
    begin_entry(out, first, migration.name);
    text::append_string(out, migration.since);
  }
  return out += "}}\n";
}

}  // namespace

SnapshotText write_snapshot(const Catalog& catalog) {
  std::string out = "{\"mig_snapshot\":";
  text::append_number(out, snapshot_format);
  out += ",\"server\":";
  text::append(out, catalog.server, {});
  if (catalog.journal_present) out += ",\"journal\":true";
  out += "}\n";
  for (const auto& migration : catalog.migrations) lines::append(out, migration, {});
  lines::append_all(out, catalog, {});
  return {std::move(out), write_sizes(catalog)};
}

std::string write_system(const Catalog& catalog) {
  std::string out = "{\"mig_snapshot\":";
  text::append_number(out, snapshot_format);
  out += ",\"system\":";
  text::append_number(out, catalog.server.major());
  out += "}\n";
  lines::append_all(out, catalog, {}, true);
  return out;
}

}  // namespace mig::catalog
