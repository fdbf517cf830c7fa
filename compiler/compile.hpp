// The whole compiler: text and a catalog in, plans and diagnostics out. Pure: no file, clock, network or database.
#pragma once

#include "compiler/catalog/catalog.hpp"
#include "compiler/check/check.hpp"
#include "compiler/diagnostics/diagnostic.hpp"
#include "compiler/ir/ir.hpp"
#include "compiler/plan/plan.hpp"

namespace mig {

// A file by its path: that of the naming file with the name in `use` or `include`; nullopt: there is none.
using Reader = check::Reader;
// Values for `env`, resolved by the caller (the compiler reads no environment).
using Environment = check::Environment;

struct Input {
  std::vector<std::pair<std::string, std::string>> files;  // name, text: in any order
  catalog::Catalog catalog;
  ir::Policy policy;  // defaults from mig.toml
  Reader read;
  Environment environment;
};

struct Output {
  source::Files files;
  diagnostics::Sink diagnostics;
  ir::Program program;
  std::vector<plan::Plan> plans;  // of the migrations that are pending, in run order; empty where errors were found
};

[[nodiscard]] Output compile(Input input);

}  // namespace mig
