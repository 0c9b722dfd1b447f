// Draws the charts of a report's page and keeps the table of their figures. Reads the JSON in #chart-data
// (report/html_page.h says what is in it); writes into the page by textContent and canvas alone.
"use strict";
(() => {
  const data = JSON.parse(document.getElementById("chart-data").textContent);
  const categoryChoice = document.getElementById("category");
  const spoken = document.getElementById("spoken");
  const figures = document.getElementById("figures");
  const percentTicks = new Intl.NumberFormat(data.language, { maximumSignificantDigits: 4, useGrouping: false });

  // Before the charts come about: they take their size from what is shown.
  for (const element of document.querySelectorAll(".controls, .scripted")) element.hidden = false;

  const chosenDenominator = () => document.querySelector("input[name=denominator]:checked").value;
  // MX itself has registered names as its only denominator.
  const denominatorOf = (measure) => (measure.metric === "mx" ? "registered" : chosenDenominator());

  // { count, unmeasured, denominator, lower, upper } of a place in time, in percent; null where there is no rate.
  function rateOf(point, denominator) {
    if (point === null) return null;
    const [count, unmeasured, mx, registered] = point;
    const divisor = denominator === "mx" ? mx : registered;
    if (!divisor) return null;
    const percent = (number) => (100 * number) / divisor;
    return { count, unmeasured: unmeasured ?? 0, divisor, lower: percent(count), upper: percent(count + (unmeasured ?? 0)) };
  }
  function ratesOf(index) {
    const denominator = denominatorOf(data.measures[index]);
    return data.points[Number(categoryChoice.value)][index].map((point) => rateOf(point, denominator));
  }
  const titleOf = (measure) => measure[denominatorOf(measure)];

  // As in the tables: 12.34%, or 12.34-12.50% where names could not be measured.
  const rateText = (rate) =>
    rate.unmeasured ? `${rate.lower.toFixed(2)}-${rate.upper.toFixed(2)}%` : `${rate.lower.toFixed(2)}%`;
  const countText = (rate) => `${rate.count}${rate.unmeasured ? ` +${rate.unmeasured}?` : ""} / ${rate.divisor}`;
  function monthText(slot) {
    const marks = [slot.imported && data.words.imported, slot.provisional && data.words.provisional].filter(Boolean);
    const month = slot.text.split(" ")[0];
    return marks.length ? `${month} (${marks.join(", ")})` : month;
  }

  // Colours live in the style sheet, where dark mode and print choose among them.
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

  const gaps = [];
  data.slots.forEach((slot, index) => {
    if (!slot.gap) return;
    const last = gaps[gaps.length - 1];
    if (last && last.end === index) {
      last.end = index + 1;
      last.to = slot.text;
    } else {
      gaps.push({ first: index, end: index + 1, from: slot.text, to: slot.text });
    }
  });
  const gapText = (gap) =>
    gap.from === gap.to ? gap.from : `${gap.from.split("...")[0]}...${gap.to.split("...").pop()}`;

  const gapBands = {
    id: "gapBands",
    beforeDatasetsDraw(chart) {
      const { ctx, chartArea, scales } = chart;
      const slotWidth = chartArea.width / data.slots.length;
      for (const gap of gaps) {
        const left = scales.x.getPixelForValue(gap.first) - slotWidth / 2;
        const width = slotWidth * (gap.end - gap.first);
        ctx.save();
        ctx.fillStyle = colour("gap");
        ctx.fillRect(left, chartArea.top, width, chartArea.height);
        if (width >= 14) {
          ctx.translate(left + width / 2, (chartArea.top + chartArea.bottom) / 2);
          ctx.rotate(-Math.PI / 2);
          ctx.textAlign = "center";
          ctx.textBaseline = "middle";
          ctx.font = "11px sans-serif";
          ctx.fillStyle = colour("soft");
          ctx.fillText(gapText(gap), 0, 0);
        }
        ctx.restore();
      }
    },
  };

  // Names the newest month, and of those before it as many as have room; never a gap.
  function nameMonths(scale) {
    const nameWidth = 68;
    const slotsPerName = nameWidth / (Math.max(scale.chart.width - 60, 60) / data.slots.length);
    const named = [];
    for (let i = data.slots.length - 1; i >= 0; --i) {
      if (data.slots[i].gap) continue;
      if (named.length && named[0].value - i < slotsPerName) continue;
      named.unshift({ value: i });
    }
    scale.ticks = named;
  }

  function optionsOf(index) {
    return {
      animation: false,
      responsive: true,
      maintainAspectRatio: false,
      // Sharp on paper too.
      devicePixelRatio: Math.max(2, window.devicePixelRatio || 1),
      locale: data.language,
      interaction: { mode: "index", intersect: false },
      layout: { padding: { right: 12, top: 8 } },
      scales: {
        x: {
          type: "category",
          offset: true,
          grid: { display: false },
          afterBuildTicks: nameMonths,
          ticks: { autoSkip: false, maxRotation: 0, font: { size: 12 }, callback: (value) => data.slots[value].text },
        },
        y: {
          beginAtZero: true,
          suggestedMax: 0.01,
          grid: { drawBorder: false },
          ticks: { maxTicksLimit: 6, font: { size: 12 }, callback: (value) => `${percentTicks.format(value)}%` },
        },
      },
      plugins: {
        legend: { display: false },
        tooltip: {
          filter: (item) => item.datasetIndex === 0,
          displayColors: false,
          callbacks: {
            title: (items) => (items.length ? monthText(data.slots[items[0].dataIndex]) : ""),
            label: (item) => {
              const rate = ratesOf(index)[item.dataIndex];
              return [rateText(rate), countText(rate)];
            },
          },
        },
      },
    };
  }

  function paint(chart, index) {
    const metric = data.measures[index].metric;
    const line = colour(metric);
    const [lower, upper] = chart.data.datasets;
    Object.assign(lower, {
      borderColor: line,
      pointBorderColor: line,
      pointBackgroundColor: data.slots.map((slot) => (slot.provisional ? colour("paper") : line)),
      pointHoverBackgroundColor: line,
    });
    Object.assign(upper, { borderColor: `${line}80`, backgroundColor: `${line}38` });
    const { x, y } = chart.options.scales;
    x.ticks.color = y.ticks.color = colour("ink");
    y.grid.color = colour("faint");
    Object.assign(chart.options.plugins.tooltip, {
      backgroundColor: colour("ink"),
      titleColor: colour("paper"),
      bodyColor: colour("paper"),
    });
  }

  const charts = data.measures.map((measure, index) => {
    const chart = new Chart(document.getElementById(`chart-${index}`), {
      type: "line",
      data: {
        labels: data.slots.map((slot) => slot.text),
        datasets: [
          {
            data: [],
            borderWidth: 2,
            pointStyle: data.slots.map((slot) => (slot.imported ? "rect" : "circle")),
            pointRadius: data.slots.length > 60 ? 2.5 : 4,
            pointHoverRadius: 6,
            pointBorderWidth: 1.5,
            clip: 8,
            order: 0,
          },
          // The band from the line up to the bound.
          { data: [], borderWidth: 1, pointRadius: 0, pointHoverRadius: 0, fill: { target: 0 }, order: 1 },
        ],
      },
      options: optionsOf(index),
      plugins: [gapBands],
    });
    return chart;
  });

  function showFigures(rates) {
    const table = figures.querySelector("table");
    table.caption.textContent = categoryChoice.selectedOptions[0].textContent;
    const cell = (row, tag, text, scope) => {
      const element = document.createElement(tag);
      element.textContent = text;
      if (scope) element.scope = scope;
      row.append(element);
      return element;
    };
    const head = document.createElement("tr");
    cell(head, "th", data.words.month, "col");
    for (const measure of data.measures) cell(head, "th", titleOf(measure), "col").className = "n";
    table.tHead.replaceChildren(head);
    const rows = [];
    data.slots.forEach((slot, place) => {
      if (slot.gap && place > 0 && data.slots[place - 1].text === slot.text) return;
      const row = document.createElement("tr");
      cell(row, "th", slot.text, "row");
      rates.forEach((series) => {
        const rate = series[place];
        cell(row, "td", slot.gap ? "-" : rate ? rateText(rate) : "").className = "n";
      });
      rows.unshift(row);
    });
    table.tBodies[0].replaceChildren(...rows);
  }

  function show() {
    document.getElementById("shown-category").textContent = categoryChoice.selectedOptions[0].textContent;
    const rates = data.measures.map((_, index) => ratesOf(index));
    charts.forEach((chart, index) => {
      const series = rates[index];
      const figure = chart.canvas.closest("figure");
      const hasRates = series.some(Boolean);
      figure.querySelector("figcaption").textContent = titleOf(data.measures[index]);
      figure.querySelector(".none").hidden = hasRates;
      figure.querySelector(".plot").hidden = !hasRates;
      const [lower, upper] = chart.data.datasets;
      lower.data = series.map((rate) => (rate ? rate.lower : null));
      upper.data = series.map((rate) => (rate ? rate.upper : null));
      paint(chart, index);
      chart.update("none");
    });
    showFigures(rates);
  }

  function repaint() {
    charts.forEach((chart, index) => {
      paint(chart, index);
      chart.update("none");
    });
  }

  // Left and right go from month to month, Home and End to the first and last, Escape away.
  charts.forEach((chart, index) => {
    let place = null;
    const point = () => {
      const active = place === null ? [] : [{ datasetIndex: 0, index: place }];
      chart.setActiveElements(active);
      const element = place === null ? { x: 0, y: 0 } : chart.getDatasetMeta(0).data[place];
      chart.tooltip.setActiveElements(active, { x: element.x, y: element.y });
      chart.update("none");
    };
    chart.canvas.addEventListener("keydown", (event) => {
      const series = ratesOf(index);
      const places = data.slots.map((_, i) => i).filter((i) => series[i]);
      if (!places.length) return;
      const first = places[0];
      const last = places[places.length - 1];
      if (event.key === "ArrowLeft") place = place === null ? last : (places.filter((i) => i < place).pop() ?? first);
      else if (event.key === "ArrowRight") place = place === null ? first : (places.find((i) => i > place) ?? last);
      else if (event.key === "Home") place = first;
      else if (event.key === "End") place = last;
      else if (event.key === "Escape") place = null;
      else return;
      event.preventDefault();
      point();
      spoken.textContent =
        place === null
          ? ""
          : `${titleOf(data.measures[index])}, ${monthText(data.slots[place])}: ${rateText(series[place])}, ${countText(series[place])}`;
    });
    chart.canvas.addEventListener("blur", () => {
      place = null;
      point();
    });
  });

  categoryChoice.addEventListener("change", show);
  for (const choice of document.querySelectorAll("input[name=denominator]")) choice.addEventListener("change", show);
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", repaint);

  // On paper: dark ink whatever the screen has, and the figures open.
  let wasOpen = false;
  window.addEventListener("beforeprint", () => {
    wasOpen = figures.open;
    figures.open = true;
    document.documentElement.classList.add("printing");
    // Half of an A4 page each, so that their text is as large as on the screen.
    for (const chart of charts) chart.resize(340, 190);
    repaint();
  });
  window.addEventListener("afterprint", () => {
    figures.open = wasOpen;
    document.documentElement.classList.remove("printing");
    for (const chart of charts) chart.resize();
    repaint();
  });

  show();
})();
