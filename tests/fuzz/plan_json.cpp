// libFuzzer: no bytes make the reader of plans crash; what it accepts says the same when written again, and can be
// printed.
#include <cassert>
#include <cstdint>
#include <cstdlib>

#include "compiler/plan/plan.hpp"
#include "compiler/plan/plan_check.hpp"
#include "compiler/plan/print.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  mig::diagnostics::Sink sink;
  const auto plan = mig::plan::from_json(text, "fuzz.json", sink);
  if (plan.has_value() == sink.has_errors()) std::abort();
  if (!plan) return 0;
  if (!mig::plan::inconsistency(*plan).empty()) std::abort();
  mig::diagnostics::Sink again_sink;
  const auto written = mig::plan::to_json(*plan);
  const auto again = mig::plan::from_json(written, "again.json", again_sink);
  if (!again || mig::plan::to_json(*again) != written) std::abort();
  if (mig::plan::up_sql(*plan).empty() || mig::plan::down_sql(*plan).empty()) std::abort();
  return 0;
}
