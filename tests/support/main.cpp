// Catch2's main, alone: its header is heavy and compiles once.
#define CATCH_CONFIG_MAIN
#include "tests/support/catch.hpp"
