#pragma once

#include "exports/spec.h"

#include <string>

namespace fresh::exports {

/// junit.xml: a suite per gate (its checks are the cases) and a suite per notebook (its cells). Attributes in
/// the order of pytest; characters that XML 1.0 cannot hold are left out.
std::string junit_xml(const RunReport& report);

}  // namespace fresh::exports
