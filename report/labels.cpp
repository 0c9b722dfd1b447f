#include "report/labels.h"

#include <array>

namespace dauth::report {
namespace {

struct Words {
  std::string_view english;
  std::string_view japanese;

  std::string_view in(Language language) const {
    return language == Language::kJapanese ? japanese : english;
  }
};

struct Entry {
  Label which;
  Words words;
};

struct Named {
  std::string_view code;
  Words words;
};

constexpr std::array kLabels = {
    Entry{Label::kAdoptionTitle, {"Mail authentication by category", "種別ごとの送信ドメイン認証の普及状況"}},
    Entry{Label::kMonthTitle, {"Mail authentication in {}", "{} の送信ドメイン認証"}},
    Entry{Label::kMonth, {"month", "年月"}},
    Entry{Label::kCategory, {"category", "種別"}},
    Entry{Label::kSpf, {"SPF", "SPF"}},
    Entry{Label::kDomainkeys, {"DomainKeys", "DomainKeys"}},
    Entry{Label::kRegistered, {"Registered", "登録数"}},
    Entry{Label::kMx, {"MX", "MX"}},
    Entry{Label::kNamesByCategory, {"Names by category", "種別ごとのドメイン名数"}},
    Entry{Label::kRates, {"Rates", "割合"}},
    Entry{Label::kOfMx, {"{} / MX", "{} / MX"}},
    Entry{Label::kOfRegistered, {"{} / registered", "{} / 登録数"}},
    Entry{Label::kNoCounts, {"No month has counts.", "集計された月はありません。"}},
    Entry{Label::kNoteDomainkeysCell,
          {"DomainKeys: names with a policy (names with a _domainkey subdomain); 0 where there is neither, "
           "the policy alone where the subdomain was not measured.",
           "DomainKeys: ポリシーのある数(_domainkey サブドメインのある数)。どちらもなければ 0、"
           "サブドメインを計測していない月はポリシーのみ。"}},
    Entry{Label::kNoteTotal,
          {"The total counts every registered name, also those in categories that are not shown.",
           "合計は、表にない種別も含むすべての登録ドメイン名の数。"}},
    Entry{Label::kNoteMissing, {"-: months that were not measured.", "-: 計測のない月。"}},
    Entry{Label::kNoteNoCount,
          {"An empty cell: not measured in that month.", "空欄: その月に計測していない項目。"}},
    Entry{Label::kNoteProvisional,
          {"p: provisional, since too many names could not be measured.",
           "p: 暫定値。計測できなかったドメイン名が多い月。"}},
    Entry{Label::kNoteImported,
          {"i: imported; published counts, not measured by this program.",
           "i: 公表された値の取り込み。このプログラムで計測したものではない。"}},
    Entry{Label::kNoteLowerBound,
          {"Some names could not be measured, so the counts are lower bounds; the table of a month says how "
           "many.",
           "計測できなかったドメイン名があるため、値は下限である。その数は月ごとの表に示す。"}},
    Entry{Label::kNoteUnmeasuredCell,
          {"+N?: N further names could not be measured; they are not counted as absent.",
           "+N?: ほかに N 個は計測できなかった。「なし」には数えない。"}},
    Entry{Label::kNoteRates,
          {"X / MX: names with X divided by names with MX. X / registered: divided by registered names.",
           "X / MX: X のある数 ÷ MX のある数。X / 登録数: X のある数 ÷ 登録数。"}},
    Entry{Label::kNoteRateRange,
          {"A range: from none to all of the unmeasured names having it.",
           "範囲: 計測できなかったドメイン名のすべてにない場合から、すべてにある場合まで。"}},
};

constexpr std::array kCategories = {
    Named{"GEOGRAPHIC", {"regional", "地域型"}}, Named{"PREFECTURE", {"prefecture", "都道府県型"}},
    Named{"GENERAL", {"general-use", "汎用"}},   Named{"OTHER", {"other", "その他"}},
    Named{"TOTAL", {"total", "合計"}},
};

constexpr std::array kMetrics = {
    Named{"registered", {"registered", "登録数"}},
    Named{"mx", {"MX", "MX"}},
    Named{"null_mx", {"null MX", "null MX"}},
    Named{"spf", {"SPF", "SPF"}},
    Named{"spf_record", {"SPF record", "SPF レコード"}},
    Named{"spf_type99", {"SPF type 99", "SPF タイプ99"}},
    Named{"sender_id", {"Sender ID", "Sender ID"}},
    Named{"domainkeys_subdomain", {"DomainKeys subdomain", "DomainKeys サブドメイン"}},
    Named{"domainkeys_policy", {"DomainKeys policy", "DomainKeys ポリシー"}},
    Named{"dkim_policy", {"DKIM policy", "DKIM ポリシー"}},
    Named{"dmarc", {"DMARC", "DMARC"}},
};

template <std::size_t N>
std::string name_of(const std::array<Named, N>& names, std::string_view code, Language language) {
  for (const Named& named : names) {
    if (named.code == code) return std::string(named.words.in(language));
  }
  return std::string(code);
}

}  // namespace

std::optional<Language> language_from_text(std::string_view text) {
  if (text == "en") return Language::kEnglish;
  if (text == "ja") return Language::kJapanese;
  return std::nullopt;
}

std::string_view label(Label which, Language language) {
  for (const Entry& entry : kLabels) {
    if (entry.which == which) return entry.words.in(language);
  }
  return "";
}

std::string category_label(std::string_view code, Language language) {
  return name_of(kCategories, code, language);
}

std::string metric_label(std::string_view metric, Language language) {
  return name_of(kMetrics, metric, language);
}

}  // namespace dauth::report
