// libFuzzer: no bytes make the snapshot reader crash, hang or read beyond its text, when all of it is looked at.
#include <cassert>
#include <cstddef>
#include <cstdint>

#include "compiler/catalog/lines.hpp"
#include "compiler/catalog/snapshot.hpp"

using namespace mig;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  // Bytes behind a line of this sign are the sizes file.
  const auto cut = text.find("\n#\n");
  const auto objects = std::make_shared<const std::string>(text.substr(0, cut));
  const auto sizes = cut == std::string::npos ? std::string{} : text.substr(cut + 3);
  diagnostics::Sink sink;
  const auto catalog = catalog::read_snapshot(objects, objects, sizes, "fuzz", sink);
  const auto written = catalog::write_snapshot(catalog);
  for (const auto& name : catalog.names("table")) {
    static_cast<void>(catalog.referencing(name));
    static_cast<void>(catalog.users(name));
    static_cast<void>(catalog.tree(name));
    static_cast<void>(catalog.table_of_index(name));
  }
  static_cast<void>(catalog::write_system(catalog));
  // What was read without a complaint is written as what it is: reading it again gives the same bytes.
  if (sink.has_errors() || !catalog.damage().empty()) return 0;
  diagnostics::Sink none;
  const auto again = catalog::read_snapshot(std::make_shared<const std::string>(written.objects), nullptr,
                                            written.sizes, "again", none);
  assert(!none.has_errors());
  assert(catalog::write_snapshot(again).objects == written.objects);
  return 0;
}
