// Texts that many rows share: outcomes, answers, name-server operators. On the hot path: every row of a
// survey has some.
#include <fmt/format.h>

#include "data/keyed_hash.h"
#include "data/store_impl.h"

namespace dauth::data {
namespace {

// A text that is longer is looked up each time; it is seldom shared.
constexpr std::size_t kLongestKnown = 1024;

// The key is no secret: whoever makes answers of equal digest makes a few look-ups longer.
std::int64_t digest_of(std::string_view text) {
  return static_cast<std::int64_t>(keyed_hash({}, text) & 0xffff'ffff);
}

}  // namespace

void KnownTexts::remember(const std::string& text, std::int64_t id) {
  if (text.size() > kLongestKnown) return;
  if (ids_.size() >= most_) ids_.clear();
  ids_.emplace(text, id);
}

std::int64_t Store::Impl::text_id(KnownTexts& known, const char* find, const char* insert,
                                  const std::string& text) {
  if (const auto id = known.find(text)) return *id;
  std::int64_t id = 0;
  {
    auto found = statement(find).query(text);
    if (found.next()) id = found.integer(0);
  }
  if (id == 0) {
    statement(insert).run(text);
    id = sqlite3_last_insert_rowid(connection->handle());
  }
  known.remember(text, id);
  return id;
}

std::int64_t Store::Impl::outcomes_id(const std::string& text) {
  if (text.empty()) return 0;
  return text_id(known_outcomes, "SELECT id FROM outcomes WHERE text = ?1",
                 "INSERT INTO outcomes (text) VALUES (?1)", text);
}

std::int64_t Store::Impl::operator_id(const std::string& domain) {
  if (domain.empty()) return 0;
  return text_id(known_operators, "SELECT id FROM name_server_operator WHERE domain = ?1",
                 "INSERT INTO name_server_operator (domain) VALUES (?1)", domain);
}

std::int64_t Store::Impl::answer_id(const std::string& text) {
  static constexpr char kFind[] =
      "SELECT answer.id FROM answer_digest JOIN answer ON answer.id = answer_digest.answer "
      "WHERE answer_digest.digest = ?1 AND answer.text = ?2";
  static constexpr char kInsert[] = "INSERT INTO answer (text) VALUES (?1)";
  static constexpr char kInsertDigest[] = "INSERT INTO answer_digest (digest, answer) VALUES (?1, ?2)";

  if (const auto id = known_answers.find(text)) return *id;
  const std::int64_t digest = digest_of(text);
  std::int64_t id = 0;
  {
    auto found = statement(kFind).query(digest, text);
    if (found.next()) id = found.integer(0);
  }
  if (id == 0) {
    statement(kInsert).run(text);
    id = sqlite3_last_insert_rowid(connection->handle());
    statement(kInsertDigest).run(digest, id);
  }
  known_answers.remember(text, id);
  return id;
}

void Store::Impl::remove_answer(std::int64_t id, const std::string& text) {
  static constexpr char kRemoveDigest[] = "DELETE FROM answer_digest WHERE digest = ?1 AND answer = ?2";
  static constexpr char kRemove[] = "DELETE FROM answer WHERE id = ?1";
  statement(kRemoveDigest).run(digest_of(text), id);
  statement(kRemove).run(id);
}

std::string Store::Impl::text_of(const char* select, std::int64_t id) {
  auto found = statement(select).query(id);
  if (!found.next()) {
    fail(Kind::kCorrupt, fmt::format("the database is damaged: there is no text {}", id));
    return {};
  }
  return std::string(found.text(0));
}

const std::string& Store::Impl::operator_of(std::int64_t id) {
  static constexpr char kOperator[] = "SELECT domain FROM name_server_operator WHERE id = ?1";
  if (const auto known = operators_by_id.find(id); known != operators_by_id.end()) return known->second;
  if (operators_by_id.size() >= kKnownOperators) operators_by_id.clear();
  return operators_by_id.emplace(id, text_of(kOperator, id)).first->second;
}

StoredAnswers Store::Impl::read_answers(std::int64_t row, const AnswerIds& ids) {
  static constexpr char kOutcomes[] = "SELECT text FROM outcomes WHERE id = ?1";
  static constexpr char kAnswer[] = "SELECT text FROM answer WHERE id = ?1";
  static constexpr char kFurther[] =
      "SELECT further_answer.ordinal, answer.text FROM further_answer "
      "JOIN answer ON answer.id = further_answer.answer WHERE further_answer.observation = ?1 "
      "ORDER BY further_answer.ordinal";

  StoredAnswers stored;
  if (ids.outcomes == 0) return stored;
  if (const auto known = outcomes_by_id.find(ids.outcomes); known != outcomes_by_id.end()) {
    stored.outcomes = known->second;
  } else {
    stored.outcomes = text_of(kOutcomes, ids.outcomes);
    if (outcomes_by_id.size() >= kKnownOutcomes) outcomes_by_id.clear();
    outcomes_by_id.emplace(ids.outcomes, stored.outcomes);
  }
  const auto add = [&](AnswerPlace place, std::int64_t id) {
    if (id != 0) stored.answers.push_back({place, 0, text_of(kAnswer, id)});
  };
  add(AnswerPlace::kTxt, ids.txt);
  add(AnswerPlace::kMx, ids.mx);
  add(AnswerPlace::kDmarc, ids.dmarc);
  auto further = statement(kFurther).query(row);
  while (further.next()) {
    stored.answers.push_back(
        {AnswerPlace::kFurther, static_cast<std::uint8_t>(further.integer(0)), std::string(further.text(1))});
  }
  return stored;
}

}  // namespace dauth::data
