#include "report/page_labels.h"

namespace dauth::report {
namespace {

struct Words {
  std::string_view english;
  std::string_view japanese;
};

constexpr Words words_of(PageLabel which) {
  switch (which) {
    case PageLabel::kCharts:
      return {"Rates over time", "割合の推移"};
    case PageLabel::kCategory:
      return {"Category", "種別"};
    case PageLabel::kDenominator:
      return {"Share of", "分母"};
    case PageLabel::kOfMx:
      return {"names with MX", "MX のある数"};
    case PageLabel::kOfRegistered:
      return {"registered names", "登録数"};
    case PageLabel::kMonths:
      return {"{} to {}", "{} から {} まで"};
    case PageLabel::kFigures:
      return {"The figures of the charts", "グラフの数値"};
    case PageLabel::kNoCounts:
      return {"Not counted in these months.", "この期間には計測がありません。"};
    case PageLabel::kNoteLine:
      return {"Line: the names that publish it.", "実線: 公開しているドメイン名の割合。"};
    case PageLabel::kNoteBound:
      return {
          "Band above the line: as if all names that could not be measured published it too (upper bound).",
          "線の上の帯: 計測できなかったドメイン名もすべて公開しているとした場合(上限)まで。"};
    case PageLabel::kNoteImported:
      return {"Square: imported; published counts, not measured by this program.",
              "四角: 公表された値の取り込み。このプログラムで計測したものではない。"};
    case PageLabel::kNoteProvisional:
      return {"Hollow: provisional, since too many names could not be measured.",
              "白抜き: 暫定値。計測できなかったドメイン名が多い月。"};
    case PageLabel::kNoteGap:
      return {"Grey: months that were not measured; a long gap is drawn short.",
              "灰色: 計測のない月。長い空白は縮めて描く。"};
    case PageLabel::kNoteDashes:
      return {"Solid: share of names with MX. Dashed: share of registered names.",
              "実線: MX のある数に対する割合。破線: 登録数に対する割合。"};
    case PageLabel::kKeys:
      return {"The left and right arrow keys go from month to month.", "左右の矢印キーで月を移動します。"};
    case PageLabel::kNoScript:
      return {"With JavaScript, the category and the denominator can be chosen here.",
              "JavaScript を有効にすると、種別と分母を選べます。"};
    case PageLabel::kImported:
      return {"imported", "取り込み"};
    case PageLabel::kProvisional:
      return {"provisional", "暫定値"};
    case PageLabel::kNotMeasured:
      return {"not measured", "計測なし"};
    case PageLabel::kMadeBy:
      return {"Made by dauth.", "dauth による集計。"};
  }
  return {};
}

}  // namespace

std::string_view page_label(PageLabel which, Language language) {
  const Words words = words_of(which);
  return language == Language::kJapanese ? words.japanese : words.english;
}

std::string_view language_tag(Language language) {
  return language == Language::kJapanese ? "ja" : "en";
}

}  // namespace dauth::report
