using System.Diagnostics;
using System.Globalization;
using IlgpuDistance.Training.Loop;
using Spectre.Console;

namespace IlgpuDistance.Cli;

/// <summary>
/// Shows a training on standard output: one line that is rewritten on a terminal; in a file or pipe the first epochs, about
/// twenty more, and the last.
/// </summary>
/// <param name="epochs">Epochs to train in all.</param>
internal sealed class TrainingDisplay(int epochs)
{
    private const int FirstEpochs = 3;
    private const int LinesInFile = 20;

    /// <summary>Between two changes of the line on a terminal: an epoch may take less than a millisecond.</summary>
    private static readonly TimeSpan RefreshInterval = TimeSpan.FromMilliseconds(100);

    private double seconds;
    private double? testAccuracy;

    /// <summary>Asks for all records, which is what trains, and shows them.</summary>
    public void Show(IEnumerable<EpochRecord> records)
    {
        if (Terminal.Output.Profile.Out.IsTerminal && Terminal.Output.Profile.Capabilities.Ansi)
            ShowLive(records);
        else
            ShowLines(records);
    }

    private void ShowLive(IEnumerable<EpochRecord> records) => Terminal.Output.Live(new Text("")).Start(context =>
    {
        long shown = 0;
        string line = "";
        foreach (EpochRecord record in records)
        {
            line = Line(record);
            if (shown != 0 && Stopwatch.GetElapsedTime(shown) < RefreshInterval)
                continue;
            context.UpdateTarget(new Text(line));
            shown = Stopwatch.GetTimestamp();
        }
        context.UpdateTarget(new Text(line));
    });

    private void ShowLines(IEnumerable<EpochRecord> records)
    {
        int interval = Math.Max(1, epochs / LinesInFile);
        string? pending = null;
        foreach (EpochRecord record in records)
        {
            string line = Line(record);
            bool show = record.Epoch < FirstEpochs || record.Epoch % interval == 0;
            if (show)
                Console.Out.WriteLine(line);
            pending = show ? null : line;
        }
        // The last epoch is shown wherever the training ended.
        if (pending is not null)
            Console.Out.WriteLine(pending);
    }

    private string Line(EpochRecord record)
    {
        seconds += record.Seconds;
        testAccuracy = record.TestAccuracy ?? testAccuracy;
        string text = string.Create(CultureInfo.InvariantCulture,
            $"epoch {record.Epoch}/{epochs}  loss {record.Loss:0.0000}  train {record.TrainAccuracy:0.00} %  test {testAccuracy:0.00} %");
        if (record.Epoch == 0)
            return text;
        double mean = seconds / record.Epoch;
        return $"{text}  {Duration(mean)} per epoch  {Duration(mean * (epochs - record.Epoch))} left";
    }

    /// <summary>A duration in the unit that suits it.</summary>
    internal static string Duration(double seconds) => seconds switch
    {
        < 1 => string.Create(CultureInfo.InvariantCulture, $"{1000 * seconds:0.0} ms"),
        < 100 => string.Create(CultureInfo.InvariantCulture, $"{seconds:0.0} s"),
        _ => TimeSpan.FromSeconds(Math.Round(seconds)).ToString("c", CultureInfo.InvariantCulture),
    };
}
