using System.Globalization;
using System.Text;
using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Training.Loop;
using IlgpuDistance.Training.Runs;

namespace IlgpuDistance.Training.Records;

/// <summary>Reads and checks <c>metrics.csv</c>.</summary>
internal static class MetricsReader
{
    private const int Fields = 5;

    /// <summary>What a damaged row can make of a thinned file in memory has to stay in proportion to the file.</summary>
    private const int LargestGap = 1_000;

    /// <summary>
    /// Reads the losses and accuracies of a training by epoch; what is missing becomes NaN, a test accuracy that was not
    /// measured as well as the epochs between two rows of a file that has been thinned.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="epochs">The last epoch; the first is 0.</param>
    /// <param name="isThinned">Whether epochs other than the last may have no row.</param>
    /// <exception cref="InputException">The file cannot be read or is not complete; the message is one line.</exception>
    public static (double[] Losses, double[] TrainAccuracies, double[] TestAccuracies) Read(
        string path, int epochs, bool isThinned = false)
    {
        // They grow with what is there: the number of epochs is a promise of another file.
        var losses = new List<double>();
        var trainAccuracies = new List<double>();
        var testAccuracies = new List<double>();
        int row = 0, next = 0;
        try
        {
            foreach (string line in File.ReadLines(path))
            {
                if (row == 0 && line != MetricsFile.Header)
                {
                    throw new InputException(
                        $"{path}: begins with \"{Shortened(line)}\" where \"{MetricsFile.Header}\" is expected");
                }

                if (row++ == 0)
                    continue;
                int epoch = isThinned ? MetricsText.EpochOf(line) ?? next : next;
                if (epoch > epochs)
                    continue;
                if (epoch < next || epoch > next + LargestGap)
                    throw Unreadable(path, row, line, next);
                for (; next < epoch; next++)
                {
                    losses.Add(double.NaN);
                    trainAccuracies.Add(double.NaN);
                    testAccuracies.Add(double.NaN);
                }
                next++;
                EpochRecord record = Parse(line, epoch) ?? throw Unreadable(path, row, line, epoch);
                losses.Add(record.Loss);
                trainAccuracies.Add(record.TrainAccuracy);
                testAccuracies.Add(record.TestAccuracy ?? double.NaN);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path}: cannot be read: {error.Message}", error);
        }
        if (!isThinned && row != epochs + 2L)
            throw new InputException($"{path}: {row} lines where a header and epochs 0 to {epochs} make {epochs + 2L}");
        if (next != epochs + 1L)
            throw new InputException($"{path}: ends with epoch {next - 1}; expected {epochs}");
        return ([.. losses], [.. trainAccuracies], [.. testAccuracies]);
    }

    /// <summary>The records of a file's bytes, without lines that are none.</summary>
    public static IEnumerable<EpochRecord> Records(byte[] content) =>
        Encoding.UTF8.GetString(content).Split('\n')
            .Select(line => MetricsText.EpochOf(line) is { } epoch ? Parse(line, epoch) : null)
            .OfType<EpochRecord>();

    /// <summary>The record in a line, or null where the line is not the one of this epoch.</summary>
    private static EpochRecord? Parse(string line, int epoch)
    {
        Span<Range> fields = stackalloc Range[Fields + 1];
        ReadOnlySpan<char> text = line;
        if (text.Split(fields, ',') != Fields || !TryParse(text[fields[0]], out double found) || found != epoch)
            return null;
        if (!TryParse(text[fields[1]], out double loss) || !TryParse(text[fields[2]], out double trainAccuracy))
            return null;
        if (!TryParse(text[fields[4]], out double seconds))
            return null;
        if (text[fields[3]].Length == 0)
            return new EpochRecord(epoch, loss, trainAccuracy, TestAccuracy: null, seconds);
        return TryParse(text[fields[3]], out double testAccuracy) && testAccuracy is >= 0 and <= 100
            ? new EpochRecord(epoch, loss, trainAccuracy, testAccuracy, seconds)
            : null;
    }

    private static bool TryParse(ReadOnlySpan<char> text, out double value) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && double.IsFinite(value);

    private static InputException Unreadable(string path, int number, string line, int epoch) =>
        new($"{path}: line {number} is \"{Shortened(line)}\" where the figures of epoch {epoch} are expected " +
            $"({MetricsFile.Header})");

    private static string Shortened(string line) => line.Length <= 60 ? line : line[..60] + "…";
}
