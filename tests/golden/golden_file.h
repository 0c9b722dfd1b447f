// A whole output against a file under expected/.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace dauth::testing {

// Success where `text` equals the file octet by octet. With DAUTH_UPDATE_GOLDEN=1 in the environment the file
// is written instead.
::testing::AssertionResult equals_golden(std::string_view file, std::string_view text);

}  // namespace dauth::testing
