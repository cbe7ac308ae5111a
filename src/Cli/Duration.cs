namespace IlgpuDistance.Cli;

/// <summary>Durations as text.</summary>
internal static class Duration
{
    /// <summary>Seconds or, if they are many, hours, minutes and seconds.</summary>
    public static string Text(double seconds) =>
        seconds < 100 ? $"{seconds:0.0} s" : $"{TimeSpan.FromSeconds(Math.Round(seconds)):c}";
}
