// How long 10,000 operations take to parse: the median of nine runs, wall and processor time, and MB/s.
// usage: bench_parse [FILE.mig]   (without a file: 10,000 operations made here)
#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "compiler/operations/operation.hpp"
#include "compiler/syntax/parse.hpp"

namespace {

std::string ten_thousand() {
  std::string text;
  for (int i = 0; i < 2500; ++i)
    text += fmt::format(
        "add column users.status_{0} text not null default 'pending';\n"
        "add index on orders_{0} (lower(name), owner desc) where owner is not null and name <> 'x';\n"
        "set not null users.status_{0};\n"
        "drop column users.status_{0};\n",
        i);
  return text;
}

struct Times {
  double wall = 0, processor = 0;
};

double median(std::vector<double> list) {
  std::sort(list.begin(), list.end());
  return list[list.size() / 2];
}

}  // namespace

int main(int count, char** arguments) {
  std::string text;
  if (count > 1) {
    std::ifstream in(arguments[1], std::ios::binary);
    text.assign(std::istreambuf_iterator<char>(in), {});
  } else {
    text = ten_thousand();
  }
  mig::source::Files files;
  const auto file = files.add("bench.mig", text);
  std::vector<double> wall, processor;
  std::size_t items = 0, mistakes = 0;
  for (int run = 0; run < 9; ++run) {
    mig::diagnostics::Sink sink;
    const auto begin = std::chrono::steady_clock::now();
    const auto clock = std::clock();
    const auto parsed = mig::syntax::parse(files, file, mig::operations::vocabulary(), sink);
    processor.push_back(1000.0 * static_cast<double>(std::clock() - clock) / CLOCKS_PER_SEC);
    wall.push_back(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count());
    items = parsed.items.size();
    mistakes = sink.list().size();
  }
  const auto ms = median(processor);
  fmt::print("{} items, {} mistakes, {:.1f} kB: median of 9 {:.1f} ms wall, {:.1f} ms processor, {:.1f} MB/s\n", items,
             mistakes, static_cast<double>(text.size()) / 1e3, median(wall), ms,
             static_cast<double>(text.size()) / 1e3 / ms);
  return mistakes == 0 ? 0 : 1;
}
