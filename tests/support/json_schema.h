// JSON held against its schema (JSON Schema, draft 2020-12), by Debian's python3-jsonschema.
//
// The schemas are files of one directory, docs/check-json of the sources unless another is given; a $ref of
// one to another is found there by its file's name, and nothing is fetched.
//
//   EXPECT_TRUE(holds_to_schema(to_json(topic).dump(), "topic.schema.json"));
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

namespace dauth::testing {

// docs/check-json
std::filesystem::path check_schemas();

// True where `json` is one JSON text or several, one after another (JSON Lines, say), each valid by the
// schema in the file `schema` ("spf.schema.json"). Otherwise the message says which member of which text is
// wrong, and why. Text that is no JSON, no UTF-8, holds a member twice, or holds no JSON at all is a failure
// too.
::testing::AssertionResult holds_to_schema(const std::string& json, const std::string& schema,
                                           const std::filesystem::path& directory = check_schemas());

// True where the schemas of the directory are good ones: valid, each $ref leads to a schema there, objects
// are closed (additionalProperties), and every member has a description.
::testing::AssertionResult are_good_schemas(const std::filesystem::path& directory = check_schemas());

}  // namespace dauth::testing
