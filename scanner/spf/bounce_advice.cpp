#include "scanner/spf/bounce_advice.h"

namespace dauth::scanner {
namespace {

BounceDuty duty_after(SpfResult result) {
  switch (result) {
    case SpfResult::kSoftfail:
    case SpfResult::kFail:
      return BounceDuty::kNotNeeded;
    case SpfResult::kNone:
    case SpfResult::kNeutral:
    case SpfResult::kPass:
      return BounceDuty::kAsUsual;
    case SpfResult::kTemperror:
    case SpfResult::kPermerror:
      return BounceDuty::kUnknown;
  }
  return BounceDuty::kUnknown;
}

}  // namespace

BounceAdvice bounce_advice(const SpfEvaluation& evaluation, ReversePath reverse_path) {
  if (reverse_path == ReversePath::kNull) return {evaluation.result, BounceDuty::kNever, std::nullopt};
  BounceAdvice advice{evaluation.result, duty_after(evaluation.result), std::nullopt};
  // An `all` in an included record cannot be what decided: neutral there is no match here.
  if (evaluation.match && evaluation.match->kind == SpfTermKind::kAll &&
      evaluation.match->qualifier == SpfQualifier::kNeutral) {
    advice.change = SofterAll{evaluation.match->domain, evaluation.match->term};
  }
  return advice;
}

}  // namespace dauth::scanner
