// What golden files of pages and drawings need.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace dauth::testing {

// The page with names in place of the library, the script, the style and their digests, so that the golden
// file shows what depends on the data alone. An asset that is not there leaves its name out.
std::string without_assets(std::string page);

// As Python's parser (expat) judges it.
::testing::AssertionResult is_well_formed_xml(const std::string& text);

}  // namespace dauth::testing
