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
    Entry{Label::kRatesTitle, {"Rates of mail authentication: {}", "送信ドメイン認証の普及率({})"}},
    Entry{Label::kShareOfMx, {"Share of domains with MX", "MX のあるドメイン名に対する割合"}},
    Entry{Label::kShareOfRegistered, {"Share of registered domains", "登録ドメイン名に対する割合"}},
    Entry{Label::kNoteRateDenominators,
          {"The two tables differ in what is divided by: the names with MX of the same month and category, "
           "and the "
           "registered names.",
           "2 つの表は分母が異なる。同じ月・種別の MX のあるドメイン名数と、登録ドメイン名数である。"}},
    Entry{Label::kNoteWithMx,
          {"SPF and DMARC are counted whether a name has MX or not, so their share can pass 100 %; \"and "
           "MX\" counts "
           "the names with both.",
           "SPF と DMARC は MX の有無によらず数えるため、割合が 100 % を超えることがある。"
           "「+ MX」は両方があるドメイン名の割合。"}},
    Entry{Label::kNoteMxHosts,
          {"MX over IPv6: names of which some MX host has an AAAA record. MX without address: names none of "
           "whose MX "
           "hosts has an address.",
           "IPv6 で届く MX: MX のホストのいずれかに AAAA があるドメイン名。アドレスのない MX: "
           "MX のどのホストにもアドレスがないドメイン名。"}},
    Entry{Label::kSpfTitle, {"SPF: {}", "SPF の公開状況({})"}},
    Entry{Label::kSpfMonthTitle, {"SPF in {}", "{} の SPF の公開状況"}},
    Entry{Label::kSpfAll, {"What the record says", "レコードの内容"}},
    Entry{Label::kSpfUse, {"How it is published", "公開の方法"}},
    Entry{Label::kType99Alone, {"type 99 alone", "タイプ99のみ"}},
    Entry{Label::kType99Beside, {"type 99 beside TXT", "タイプ99と TXT の両方"}},
    Entry{Label::kNoteSpfAll,
          {"-all, ~all, ?all, +all, redirect and no all: of names whose single record is valid. A name with "
           "several "
           "records or an invalid one has none of them.",
           "-all、~all、?all、+all、redirect、all なし: 正しいレコードが 1 つだけあるドメイン名の内訳。"
           "レコードが複数あるもの、構文に誤りがあるものは含まない。"}},
    Entry{Label::kNoteType99,
          {"SPF: type 99, or a TXT record that contains \"spf\", the rule of 2005. SPF record: a TXT record "
           "that "
           "starts with v=spf1.",
           "SPF: タイプ99 があるか、「spf」を含む TXT があるもの(2005 年の基準)。"
           "SPF レコード: v=spf1 で始まる TXT があるもの。"}},
    Entry{Label::kDmarcTitle, {"DMARC: {}", "DMARC の公開状況({})"}},
    Entry{Label::kDmarcMonthTitle, {"DMARC in {}", "{} の DMARC の公開状況"}},
    Entry{Label::kNoteDmarc,
          {"DMARC: names with exactly one record at _dmarc. p: its policy. rua: it asks for reports. t=y: "
           "the policy is "
           "being tested. Several records: none of them holds.",
           "DMARC: _dmarc にレコードが 1 つだけあるドメイン名。p: そのポリシー。rua: "
           "集約レポートの送付先がある。"
           "t=y: ポリシーの試験運用中。複数レコード: いずれも無効。"}},
    Entry{Label::kQualityTitle, {"Quality of the measurement", "計測の品質"}},
    Entry{Label::kQualityMonthTitle, {"Quality of the measurement in {}", "{} の計測の品質"}},
    Entry{Label::kRuns, {"Runs", "計測の概要"}},
    Entry{Label::kNames, {"names", "ドメイン名数"}},
    Entry{Label::kExcluded, {"excluded", "計測除外"}},
    Entry{Label::kLost, {"lost", "計測漏れ"}},
    Entry{Label::kBroken, {"broken", "DNS 設定不良"}},
    Entry{Label::kQuestions, {"questions", "問い合わせ"}},
    Entry{Label::kRetries, {"retries", "再送"}},
    Entry{Label::kTimeouts, {"time-outs", "タイムアウト"}},
    Entry{Label::kTcp, {"over TCP", "TCP"}},
    Entry{Label::kRunTime, {"run time", "所要時間"}},
    Entry{Label::kRules, {"rules", "判定規則の版"}},
    Entry{Label::kJudgedAgain, {"judged again", "再判定"}},
    Entry{Label::kNo, {"no", "なし"}},
    Entry{Label::kRejected, {"rejected lines", "不正な行"}},
    Entry{Label::kDuplicates, {"duplicates", "重複"}},
    Entry{Label::kUnmeasuredOf, {"Unmeasured: {}", "計測できなかったドメイン名数: {}"}},
    Entry{Label::kUnmeasuredByCause,
          {"Unmeasured by finding and cause", "計測できなかったドメイン名数(項目・原因別)"}},
    Entry{Label::kUnmeasured, {"unmeasured", "計測不能"}},
    Entry{Label::kItem, {"finding", "項目"}},
    Entry{
        Label::kNoteLost,
        {"Lost: MX, SPF, the DomainKeys subdomain or DMARC could not be measured, and it was not the name's "
         "fault. "
         "Broken: SERVFAIL in both passes, while other names resolved.",
         "計測漏れ: MX、SPF、DomainKeys サブドメイン、DMARC のいずれかを計測できず、"
         "原因がドメイン名側にあるとは言えないもの。DNS 設定不良: ほかの名前は引けたのに、2 回とも SERVFAIL "
         "だったもの。"}},
    Entry{Label::kNoteQuestions,
          {"Questions: messages sent, retries included. Run time: hours, minutes and seconds.",
           "問い合わせ: 再送を含む送信数。所要時間: 時:分:秒。"}},
    Entry{Label::kChangesTitle, {"Changes from {} to {}", "{} から {} までの変化"}},
    Entry{Label::kAllCategories, {"All categories", "全種別"}},
    Entry{Label::kByCategory, {"{} by category", "種別ごとの変化: {}"}},
    Entry{Label::kBegan, {"began", "開始"}},
    Entry{Label::kNewlyListed, {"newly listed", "うち新規登録"}},
    Entry{Label::kCeased, {"ceased", "中止"}},
    Entry{Label::kLeft, {"left the list", "登録終了"}},
    Entry{Label::kBecameUnmeasured, {"now unmeasured", "計測不能に"}},
    Entry{Label::kWasUnmeasured, {"before unmeasured", "計測不能から"}},
    Entry{Label::kMovedIn, {"from other categories", "他種別から"}},
    Entry{Label::kMovedOut, {"to other categories", "他種別へ"}},
    Entry{Label::kOperatorsOf, {"Name-server operators: {}", "ネームサーバー運用者別: {}"}},
    Entry{Label::kOperator, {"operator", "運用者"}},
    Entry{Label::kUnknown, {"unknown", "不明"}},
    Entry{Label::kNoteOtherRules,
          {"{} was judged by rules {}, {} by rules {}: some of what changed may be the rules. \"dauth "
           "rejudge -m {}\" "
           "judges that month by those of this program.",
           "{} は規則の第 {} 版、{} は第 {} 版で判定されており、規則の違いによる変化を含むことがある。"
           "「dauth rejudge -m {}」でその月をこのプログラムの規則で再判定できる。"}},
    Entry{Label::kNoteChanges,
          {"Began: published now, absent or not listed before (newly listed: the latter). Ceased: published "
           "before, absent "
           "now. In each row: before + began - ceased - left the list - now unmeasured + before unmeasured = "
           "after.",
           "開始: 前の月になく(未登録を含む。うち新規登録はその数)、後の月にあるもの。中止: "
           "前の月にあり、後の月にないもの。"
           "各行: 前の月 + 開始 - 中止 - 登録終了 - 計測不能に + 計測不能から = 後の月。"}},
    Entry{Label::kNoteNeverAbsent,
          {"Unmeasured: names that could not be measured in one of the months, or in both. They are never "
           "counted as begun "
           "or ceased.",
           "計測不能: いずれかの月に計測できなかったドメイン名。開始にも中止にも数えない。"}},
    Entry{Label::kNoteMoved,
          {"A name whose category changed counts before in its old one, after in its new one; the rows by "
           "category then "
           "hold with + from other categories - to other categories.",
           "種別が変わったドメイン名は、前の月は元の種別、後の月は新しい種別で数える。"
           "種別ごとの行では、他種別からを加え、他種別へを引く。"}},
    Entry{Label::kNoteOperators,
          {"Operators: the registered domain of a name's first name server in the newer list, else in the "
           "older one; the "
           "10 with the most names that began or ceased. Unknown: neither list says one.",
           "運用者: 最初のネームサーバーの登録ドメイン名(後の月のリスト、なければ前の月のリストによる)。"
           "開始と中止の多い順に 10 件。不明: どちらのリストからも分からないもの。"}},
    Entry{Label::kNoteNotCompared,
          {"Not compared, since one of the months did not ask: {}.",
           "一方の月に問い合わせていないため比べない項目: {}。"}},
};

constexpr std::array kCategories = {
    Named{"GEOGRAPHIC", {"regional", "地域型"}}, Named{"PREFECTURE", {"prefecture", "都道府県型"}},
    Named{"GENERAL", {"general-use", "汎用"}},   Named{"OTHER", {"other", "その他"}},
    Named{"TOTAL", {"total", "合計"}},
};

constexpr std::array kMetrics = {
    Named{"registered", {"registered", "登録数"}},
    Named{"exists", {"existing", "存在"}},
    Named{"mx", {"MX", "MX"}},
    Named{"null_mx", {"null MX", "null MX"}},
    Named{"mx_ipv6", {"MX over IPv6", "IPv6 で届く MX"}},
    Named{"mx_no_address", {"MX without address", "アドレスのない MX"}},
    Named{"mx_address_literal", {"MX with an address", "アドレスを書いた MX"}},
    Named{"spf", {"SPF", "SPF"}},
    Named{"spf_txt", {"SPF by TXT", "TXT による SPF"}},
    Named{"spf_type99", {"SPF type 99", "SPF タイプ99"}},
    Named{"spf_record", {"SPF record", "SPF レコード"}},
    Named{"spf_multiple", {"several SPF records", "SPF レコード複数"}},
    Named{"spf_invalid", {"invalid SPF record", "SPF 構文誤り"}},
    Named{"spf_all_fail", {"SPF -all (fail)", "SPF -all (fail)"}},
    Named{"spf_all_softfail", {"SPF ~all (softfail)", "SPF ~all (softfail)"}},
    Named{"spf_all_neutral", {"SPF ?all (neutral)", "SPF ?all (neutral)"}},
    Named{"spf_all_pass", {"SPF +all (pass)", "SPF +all (pass)"}},
    Named{"spf_redirect", {"SPF redirect", "SPF redirect"}},
    Named{"spf_no_all", {"SPF without all", "SPF all なし"}},
    Named{"spf_with_mx", {"SPF and MX", "SPF + MX"}},
    Named{"sender_id", {"Sender ID", "Sender ID"}},
    Named{"domainkeys_subdomain", {"DomainKeys subdomain", "DomainKeys サブドメイン"}},
    Named{"domainkeys_by_a", {"DomainKeys subdomain by A", "A による DomainKeys サブドメイン"}},
    Named{"domainkeys_policy", {"DomainKeys policy", "DomainKeys ポリシー"}},
    Named{"dkim_policy", {"DKIM policy", "DKIM ポリシー"}},
    Named{"dmarc", {"DMARC", "DMARC"}},
    Named{"dmarc_none", {"DMARC p=none", "DMARC p=none"}},
    Named{"dmarc_quarantine", {"DMARC p=quarantine", "DMARC p=quarantine"}},
    Named{"dmarc_reject", {"DMARC p=reject", "DMARC p=reject"}},
    Named{"dmarc_rua", {"DMARC rua", "DMARC rua"}},
    Named{"dmarc_testing", {"DMARC t=y", "DMARC t=y"}},
    Named{"dmarc_multiple", {"several DMARC records", "DMARC レコード複数"}},
    Named{"dmarc_invalid", {"invalid DMARC record", "DMARC 内容不正"}},
    Named{"dmarc_with_mx", {"DMARC and MX", "DMARC + MX"}},
};

constexpr std::array kCauses = {
    Named{"timeout", {"time-out", "タイムアウト"}},
    Named{"servfail", {"SERVFAIL", "SERVFAIL"}},
    Named{"refused", {"REFUSED", "REFUSED"}},
    Named{"notimp", {"NOTIMP", "NOTIMP"}},
    Named{"formerr", {"FORMERR", "FORMERR"}},
    Named{"other_rcode", {"other rcode", "その他の rcode"}},
    Named{"malformed", {"malformed", "応答の形式不正"}},
    Named{"truncated", {"truncated", "応答の切り詰め"}},
    Named{"cname_loop", {"CNAME loop", "CNAME のループ"}},
    Named{"referral", {"referral", "委任のみの応答"}},
    Named{"unfinished_chain", {"unfinished chain", "CNAME の途切れ"}},
    Named{"unreachable", {"unreachable", "到達不能"}},
    Named{"wildcard_varies", {"wildcard varies", "ワイルドカードの応答が不定"}},
    Named{"not_asked", {"not asked", "問い合わせなし"}},
    Named{"excluded", {"excluded", "計測除外"}},
    Named{"persistent_servfail", {"SERVFAIL in both passes", "2 回とも SERVFAIL"}},
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

std::string cause_label(std::string_view cause, Language language) {
  return name_of(kCauses, cause, language);
}

}  // namespace dauth::report
