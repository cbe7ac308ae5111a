using System.Text.RegularExpressions;
using IlgpuDistance.Gpu;
using IlgpuDistance.Training.Experiments.Reports.Figures;

namespace IlgpuDistance.Training.Experiments.Reports.Document;

/// <summary>The folder <c>figures</c> in the folder of a report, with a PNG and an SVG of each figure.</summary>
public static partial class FigureFiles
{
    /// <summary>Its name.</summary>
    public const string FolderName = "figures";

    /// <summary>Checks, before anything is computed for it, that a report can be written to a folder, and creates it.</summary>
    /// <exception cref="InputException">It is a file or cannot be created.</exception>
    public static void Prepare(string folder)
    {
        if (folder.Length == 0)
            throw new InputException("--out: expected a folder, found empty text");
        if (File.Exists(folder))
            throw new InputException($"--out {folder}: is a file; name a folder");
        try
        {
            Directory.CreateDirectory(Path.Combine(folder, FolderName));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new InputException($"--out {folder}: cannot be written: {error.Message}", error);
        }
    }

    /// <summary>
    /// Writes the figures of a report. Each file is there whole or not at all, and files that exist are replaced. Figures of the
    /// report that was there before are removed where this one has no such figure; other files in the folder stay.
    /// </summary>
    /// <param name="report">The report.</param>
    /// <param name="folder">Its folder, which <see cref="Prepare"/> has prepared.</param>
    /// <param name="text">The report's file of Markdown, which names the figures and is to be written after them.</param>
    /// <param name="written">What has been written before, for the message where nothing can be drawn.</param>
    /// <exception cref="IOException">A file cannot be written.</exception>
    /// <exception cref="PlatformNotSupportedException">The drawing library does not run here.</exception>
    public static void Write(Report report, string folder, string text, string written)
    {
        try
        {
            foreach (Figure figure in report.Figures.Select(block => block.Figure))
            {
                string path = Path.Combine(folder, FolderName, figure.Name);
                AtomicFile.Write($"{path}.png", stream => stream.Write(figure.ToPng()));
                AtomicFile.WriteText($"{path}.svg", writer => writer.Write(figure.ToSvg()));
            }
            string[] earlier = NamesIn(Path.Combine(folder, text));
            foreach (string orphan in earlier.Except(report.Figures.Select(block => block.Figure.Name)))
            {
                string path = Path.Combine(folder, FolderName, orphan);
                File.Delete($"{path}.png");
                File.Delete($"{path}.svg");
            }
        }
        catch (UnauthorizedAccessException error)
        {
            throw new IOException($"cannot remove a figure of before: {error.Message}", error);
        }
        catch (TypeInitializationException error)
        {
            throw new PlatformNotSupportedException(
                $"{folder}: has {written} only: the drawing library cannot be loaded on this machine: {error.GetBaseException().Message}", error);
        }
    }
    /// <summary>The names of the figures that a file of Markdown shows; none where there is no such file.</summary>
    private static string[] NamesIn(string path) =>
        File.Exists(path) ? [.. PicturePattern().Matches(File.ReadAllText(path)).Select(picture => picture.Groups[1].Value)] : [];

    [GeneratedRegex(@"\]\(" + FolderName + @"/([a-z0-9-]+)\.png\)")]
    private static partial Regex PicturePattern();
}
