// The helper that holds JSON against a schema must reject, or no test that stands on it says anything.
#include "tests/support/json_schema.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/temporary_directory.h"

namespace dauth::testing {
namespace {

using ::testing::HasSubstr;

constexpr const char* kHead = R"({"$schema": "https://json-schema.org/draft/2020-12/schema", )";

class JsonSchema : public ::testing::Test {
 protected:
  JsonSchema() {
    write("pair.schema.json", R"("type": "object", "additionalProperties": false, "required": ["word"],
      "properties": {
        "word": {"description": "one of two", "enum": ["yes", "no"]},
        "other": {"description": "of another file", "$ref": "other.schema.json#/$defs/address"},
        "others": {"description": "a tree", "type": "array", "items": {"$ref": "pair.schema.json"}}}})");
    write("other.schema.json", R"("$defs": {"address": {"type": "string", "format": "ipv4"}}})");
  }
  void write(const std::string& name, const std::string& rest) { directory.write(name, kHead + rest); }
  std::string fault(const std::string& json, const std::string& schema = "pair.schema.json") {
    const auto result = holds_to_schema(json, schema, directory.path());
    return result ? "" : result.message();
  }

  TemporaryDirectory directory;
};

TEST_F(JsonSchema, TakesWhatIsRight) {
  EXPECT_EQ(fault(R"({"word": "yes"})"), "");
  EXPECT_EQ(fault(R"({"word": "no", "other": "192.0.2.1", "others": [{"word": "no"}]})"), "");
  EXPECT_EQ(fault("{\"word\": \"yes\"}\n{\"word\": \"no\"}\n"), "");
}

TEST_F(JsonSchema, RejectsAndSaysWhereAndWhy) {
  EXPECT_THAT(fault(R"({"word": "perhaps"})"), HasSubstr("$.word: 'perhaps' is not one of ['yes', 'no']"));
  EXPECT_THAT(fault(R"({})"), HasSubstr("'word' is a required property"));
  EXPECT_THAT(fault(R"({"word": "yes", "more": 1})"), HasSubstr("'more' was unexpected"));
  EXPECT_THAT(fault("{\"word\": \"yes\"}\n{\"word\": 1}\n"), HasSubstr("text 2, $.word: 1 is not one of"));
}

TEST_F(JsonSchema, FollowsARefIntoAnotherFileAndBack) {
  EXPECT_THAT(fault(R"({"word": "yes", "other": 5})"), HasSubstr("$.other: 5 is not of type 'string'"));
  EXPECT_THAT(fault(R"({"word": "yes", "other": "192.0.2"})"),
              HasSubstr("$.other: '192.0.2' is not a 'ipv4'"));
  EXPECT_THAT(fault(R"({"word": "yes", "others": [{"word": "yes"}, {"word": 2}]})"),
              HasSubstr("$.others[1].word"));
}

TEST_F(JsonSchema, RejectsWhatIsNoJson) {
  EXPECT_THAT(fault(""), HasSubstr("no JSON text at all"));
  EXPECT_THAT(fault("\n"), HasSubstr("no JSON text at all"));
  EXPECT_THAT(fault(R"({"word": "yes")"), HasSubstr("no JSON"));
  EXPECT_THAT(fault("{\"word\": \"yes\"} and more"), HasSubstr("no JSON"));
  EXPECT_THAT(fault("{\"word\": \"\xff\"}"), HasSubstr("no JSON"));
  EXPECT_THAT(fault("NaN"), HasSubstr("NaN is no JSON"));
  EXPECT_THAT(fault(R"({"word": "no", "word": "yes"})"), HasSubstr("member word stands twice"));
}

TEST_F(JsonSchema, NothingIsFetchedAndNoSchemaIsNoSuccess) {
  EXPECT_NE(fault("{}", "none.schema.json"), "");
  write("far.schema.json", R"("$ref": "https://example.com/far-away.schema.json"})");
  EXPECT_THAT(fault("{}", "far.schema.json"), HasSubstr("no such schema"));
  write("broken.schema.json", R"("type": "nonsense"})");
  EXPECT_THAT(fault("{}", "broken.schema.json"), HasSubstr("nonsense"));
}

TEST_F(JsonSchema, LintSaysWhatIsBadInASchema) {
  EXPECT_TRUE(are_good_schemas(directory.path()));
  write("bad.schema.json", R"("type": "object", "properties": {
      "silent": {"type": "string"}, "lost": {"description": "x", "$ref": "nowhere.schema.json"}}})");
  const auto result = are_good_schemas(directory.path());
  ASSERT_FALSE(result);
  EXPECT_THAT(result.message(), HasSubstr("#/properties/silent: has no description"));
  EXPECT_THAT(result.message(), HasSubstr("#: is open to any member"));
  EXPECT_THAT(result.message(), HasSubstr("nowhere.schema.json: no such schema"));
  EXPECT_FALSE(are_good_schemas(directory.path() / "nothing"));
}

}  // namespace
}  // namespace dauth::testing
