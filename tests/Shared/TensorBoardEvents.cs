using System.Globalization;
using System.Text.Json;

namespace IlgpuDistance.Tests;

/// <summary>Reads TensorBoard's events with <c>events.py</c>, which shares nothing with what writes them.</summary>
internal static class TensorBoardEvents
{
    public const string WhyMissing = "no python3 is here to read events independently";

    /// <summary>What TensorBoard would show of a folder; null where there is no python3.</summary>
    public static JsonElement? Read(string folder)
    {
        if (Python.Run("", Path.Combine(AppContext.BaseDirectory, "events.py"), folder) is not var (exitCode, output, error))
            return null;
        return exitCode == 0 ? JsonDocument.Parse(output).RootElement : throw new InvalidDataException(error);
    }

    /// <summary>The steps of a series and its numbers.</summary>
    public static Dictionary<int, double> Numbers(this JsonElement events, string tag) =>
        events.GetProperty("numbers").GetProperty(tag).EnumerateObject()
            .ToDictionary(point => int.Parse(point.Name, CultureInfo.InvariantCulture), point => point.Value.GetDouble());
}
