using IlgpuDistance.Gpu.Profiling;
using IlgpuDistance.Training.Documents;
using IlgpuDistance.Training.Files;
using IlgpuDistance.Training.Words;

namespace IlgpuDistance.Cli.Verification;

/// <summary>What a verification has found, as one file.</summary>
internal static class VerificationReport
{
    /// <summary>Writes the file: Markdown or, where its name ends so, HTML with a picture.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Write(string path, IReadOnlyList<DeviceVerdict> verdicts, string data) =>
        AtomicFile.WriteText(path, writer =>
        {
            bool isHtml = IsHtml(path);
            var report = new Report(
                "Verification of IlgpuDistance",
                [
                    Overview(verdicts, data),
                    .. verdicts.Where(verdict => verdict.Checks.Count > 0)
                        .Select((verdict, i) => Section(verdict, i + 1, isHtml)),
                ]);
            if (isHtml)
                HtmlWriter.Write(report, writer);
            else
                MarkdownWriter.Write(report, writer, figureFolder: "");
        });

    /// <summary>Whether the file is HTML by its name.</summary>
    public static bool IsHtml(string path) => Path.GetExtension(path).ToLowerInvariant() is ".html" or ".htm";

    private static ReportSection Overview(IReadOnlyList<DeviceVerdict> verdicts, string data) =>
        new("overview", "Overview",
        [
            new ReportParagraph($"{VerificationText.Machine}. {DateTime.UtcNow:yyyy-MM-dd}. Times: {data}."),
            .. verdicts.All(verdict => verdict.IsComplete || verdict.Refusal is not null) ? Array.Empty<ReportBlock>()
                : [new ReportParagraph("Not everything was checked: it was interrupted, or a driver ended the program.")],
            new ReportTable(
                "devices", "Devices",
                [new("device", IsText: true), new("description", IsText: true, IsLong: true), new("verdict", IsText: true)],
                [
                    .. verdicts.Select(verdict => (string[])
                    [
                        verdict.Selector,
                        verdict.Refusal is null ? verdict.Description : $"{verdict.Description} {verdict.Refusal}",
                        verdict.Outcome,
                    ]),
                ]),
        ]);

    private static ReportSection Section(DeviceVerdict verdict, int number, bool hasFigures)
    {
        var blocks = new List<ReportBlock>
        {
            new ReportTable(
                $"checks-{number}", "Checks; differences are relative",
                [
                    new("check", IsText: true), new("result", IsText: true), new("found", IsText: true, IsLong: true),
                    new("seconds"),
                ],
                [
                    .. verdict.Checks.Select(check => (string[])
                    [
                        check.Title, check.Passed ? "passed" : "FAILED", check.Finding,
                        Numbers.Digits(check.Seconds),
                    ]),
                ]),
        };
        if (verdict.Peaks is { } peaks)
        {
            blocks.Add(new ReportParagraph(
                $"Roof, measured: {Numbers.Digits(peaks.FlopPerSecond / 1e9)} GFLOP/s and " +
                $"{Numbers.Digits(peaks.BytesPerSecond / 1e9)} GB/s. \"At the roof\" is the least time that the " +
                "formulas' arithmetic and bytes need there." +
                (verdict.Expected is null ? "" : " \"Machine code\" is the share of the arithmetic that the innermost loop " +
                    "of a product allows, as a compiler of the device's vendor makes it (kernels.md).")));
            blocks.AddRange(verdict.Timings.Select((timing, i) => Times(timing, peaks, verdict.Expected, $"{number}-{i + 1}")));
        }
        if (hasFigures && RooflineFigure.Draw(verdict, number) is { } figure)
        {
            blocks.Add(new ReportFigure(
                figure, "Each dot is a kernel or phase of a timed model; nothing can be above the line."));
        }
        return new ReportSection($"device-{number}", $"{verdict.Selector}: {verdict.Description}", blocks);
    }

    private static ReportTable Times(ModelTiming timing, DevicePeaks peaks, ExpectedShares? expected, string name) => new(
        $"times-{name}",
        $"{timing.Model}: {VerificationText.Milliseconds(timing.Profile.EpochSeconds)} an epoch, " +
            $"{Numbers.Digits(1 / timing.Profile.EpochSeconds)} epochs per second",
        [
            new("work", IsText: true), new("calls"), new("µs each"), new("at the roof, µs"), new("share of the roof, %"),
            .. expected is null ? Array.Empty<TableColumn>() : [new("machine code, %")], new("GFLOP/s"), new("GB/s"),
        ],
        [
            .. timing.Profile.Work.Select(work => (string[])
            [
                work.Name, $"{work.Calls / timing.Profile.TimedEpochs}", Numbers.Digits(1e6 * work.Seconds / work.Calls),
                Numbers.Digits(1e6 * VerificationText.SecondsAtRoof(work, peaks)),
                peaks.Share(work) is { } share ? Numbers.Digits(100 * share) : "",
                .. expected is null ? Array.Empty<string>()
                    : [expected.Of(work.Name) is { } allowed ? Numbers.Digits(100 * allowed) : ""],
                Numbers.Digits(work.FlopPerSecond / 1e9), Numbers.Digits(work.BytesPerSecond / 1e9),
            ]),
        ]);
}
