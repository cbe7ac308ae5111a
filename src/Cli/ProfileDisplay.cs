using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using IlgpuDistance.Gpu;
using IlgpuDistance.Gpu.Devices;
using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Gpu.Profiling;
using IlgpuDistance.Training.Data;
using IlgpuDistance.Training.Models;
using IlgpuDistance.Training.Words;

namespace IlgpuDistance.Cli;

/// <summary>Shows a profile on standard output, as a table or as JSON.</summary>
/// <param name="plan">The network.</param>
/// <param name="form">The form of OffsetL2 that goes without saying.</param>
/// <param name="data">The data.</param>
/// <param name="executors">The device and the executor.</param>
/// <param name="batchSize">Samples per step, as the user writes it.</param>
internal sealed class ProfileDisplay(
    NetworkPlan plan, OffsetL2Form form, ResolvedDataset data, ExecutorFactory executors, string batchSize)
{
    private static readonly JsonSerializerOptions JsonFormat = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>What the columns of numbers need; names are broken to fit beside them.</summary>
    private const int NumbersWidth = 58, NarrowestName = 20;

    private bool IsSimd => executors.Kind == ExecutorKind.Simd;

    private string Work => IsSimd ? "phase" : "kernel";

    /// <summary>Says what is profiled.</summary>
    public void PrintHeading()
    {
        Terminal.Print($"{PaperModels.TitleOf(plan.Network, plan.Classes, form)}; {plan.ParameterCount:N0} parameters");
        Terminal.Print($"{data.Source}; batch size {batchSize}");
        Terminal.Print($"{executors}");
    }

    /// <summary>Prints the profile as a table, and what is not in it.</summary>
    /// <param name="profile">The profile.</param>
    /// <param name="peaks">What the device can do.</param>
    /// <param name="flopIsGiven">Whether the user says what arithmetic it can do; else that was measured.</param>
    /// <param name="bytesAreGiven">The same for bytes.</param>
    public void Print(EpochProfile profile, DevicePeaks peaks, bool flopIsGiven, bool bytesAreGiven)
    {
        TextTable table = new TextTable(padding: 0).AddWords(Work)
            .AddNumbers("calls", "ms", "µs each", "share", "GFLOP/s", "GB/s", "FLOP/B", "roof");
        double all = profile.Work.Sum(work => work.Seconds);
        int nameWidth = Math.Max(NarrowestName, Terminal.Width - NumbersWidth);
        foreach (WorkTotal work in profile.Work)
        {
            double? share = peaks.Share(work);
            table.AddRow(
                Broken(work.Name, nameWidth), $"{work.Calls / profile.TimedEpochs:N0}",
                Number(1000 * work.Seconds / profile.TimedEpochs, 2),
                Number(1e6 * work.Seconds / work.Calls, 1), Percent(work.Seconds / all),
                work.Flop > 0 ? Numbers.Digits(work.FlopPerSecond / 1e9) : "",
                work.Bytes > 0 ? Numbers.Digits(work.BytesPerSecond / 1e9) : "",
                work.Intensity is { } intensity ? Numbers.Digits(intensity) : "",
                share is null ? "" : $"{Percent(share)} {(peaks.IsBoundByBytes(work) ? "B" : "F")}");
        }
        Terminal.Print(table);

        string many = profile.TimedEpochs == 1 ? "one epoch" : $"means of {profile.TimedEpochs} epochs";
        string[] lines =
        [
            $"Calls and ms of one epoch; {many} each with timers and without, in turns.",
            $"Epoch: {Milliseconds(profile.EpochSeconds)} without timers, {Milliseconds(profile.TimedEpochSeconds)} with them.",
            $"{Capital(Work)}s: {Milliseconds(profile.WorkSeconds)}; {Rest(profile)}",
            $"Timers: {profile.Timer}.",
            $"Roof: {Numbers.Digits(peaks.FlopPerSecond / 1e9)} GFLOP/s (F), {Origin(flopIsGiven)}, and " +
                $"{Numbers.Digits(peaks.BytesPerSecond / 1e9)} GB/s{(IsSimd ? " from L2" : "")} (B), {Origin(bytesAreGiven)}.",
        ];
        foreach (string line in lines)
            Terminal.Print(line);
    }

    /// <summary>Prints the profile as JSON. The names of the fields are promised to programs that read them.</summary>
    /// <param name="profile">The profile.</param>
    /// <param name="peaks">What the device can do.</param>
    public void PrintJson(EpochProfile profile, DevicePeaks peaks) => Terminal.PrintData(JsonSerializer.Serialize(new
    {
        Model = plan.Network.ToString(),
        Data = data.Dataset.Name,
        BatchSize = batchSize,
        Device = new
        {
            executors.Device.Selector,
            executors.Device.Name,
            Executor = Lower(executors.Kind),
            Threads = executors.Device.Kind == DeviceKind.Cpu ? executors.Device.Threads : (int?)null,
        },
        profile.Timer,
        Epochs = profile.TimedEpochs,
        profile.EpochSeconds,
        profile.TimedEpochSeconds,
        profile.WorkSeconds,
        profile.OtherSeconds,
        PeakGflopsPerSecond = peaks.FlopPerSecond / 1e9,
        PeakGbPerSecond = peaks.BytesPerSecond / 1e9,
        Work = profile.Work.Select(work => new
        {
            work.Name,
            work.Calls,
            work.Seconds,
            MeanSeconds = work.Seconds / work.Calls,
            Share = work.Seconds / profile.Work.Sum(other => other.Seconds),
            work.Flop,
            work.Bytes,
            GflopsPerSecond = work.FlopPerSecond / 1e9,
            GbPerSecond = work.BytesPerSecond / 1e9,
            work.Intensity,
            Roofline = peaks.Share(work),
        }),
    }, JsonFormat));

    private static string Rest(EpochProfile profile) => profile.OtherSeconds >= 0
        ? $"the other {Milliseconds(profile.OtherSeconds)} of an epoch are launches, copies and the host."
        : "timing makes them slower than the whole epoch is without.";

    private static string Origin(bool isGiven) => isGiven ? "as given" : "measured";

    /// <summary>A name in lines that are no longer than there is room, broken behind hyphens and at blanks.</summary>
    private static string Broken(string name, int width)
    {
        var lines = new List<string> { "" };
        foreach (string part in name.Replace("-", "-\0", StringComparison.Ordinal).Replace(" ", " \0", StringComparison.Ordinal)
            .Split('\0'))
        {
            if (lines[^1].Length > 0 && lines[^1].Length + part.TrimEnd().Length > width)
                lines.Add("");
            lines[^1] += part;
        }
        return string.Join('\n', lines.Select(line => line.TrimEnd()));
    }

    private static string Lower(ExecutorKind executor) => executor.ToString().ToLowerInvariant();

    private static string Capital(string word) => char.ToUpperInvariant(word[0]) + word[1..];

    private static string Milliseconds(double seconds) => $"{Number(1000 * seconds, 2)} ms";

    private static string Percent(double? share) => share is { } value ? $"{Number(100 * value, 0)} %" : "";

    private static string Number(double value, int digits) => value.ToString($"N{digits}", CultureInfo.InvariantCulture);
}
