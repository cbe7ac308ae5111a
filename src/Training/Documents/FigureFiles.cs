using System.Text.RegularExpressions;
using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Training.Figures;
using IlgpuDistance.Training.Files;

namespace IlgpuDistance.Training.Documents;

/// <summary>The folder <c>figures</c> in the folder of a report, with a PNG and an SVG of each figure.</summary>
internal static partial class FigureFiles
{
    /// <summary>Its name.</summary>
    public const string FolderName = "figures";

    /// <summary>Makes a folder for a report, before one is computed, and takes it, so that two are never mixed.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="work">What is written there, in the words of a message: "report" or "analysis".</param>
    /// <param name="patience">How long another process that writes there is waited for.</param>
    /// <returns>Lets others have the folder when it is disposed.</returns>
    /// <exception cref="InputException">It is a file or cannot be created, or another process writes there.</exception>
    public static IDisposable Prepare(string folder, string work, TimeSpan patience = default)
    {
        FolderLock held = FolderLock.Take(folder, work, patience);
        try
        {
            OutputFolder.Create(Path.Combine(folder, FolderName));
            return held;
        }
        catch
        {
            held.Dispose();
            throw;
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
    public static void Write(Report report, string folder, string text, string written) => Write(
        [.. report.Figures.Select(block => block.Figure)], Path.Combine(folder, FolderName), Path.Combine(folder, text),
        $"{folder}: has {written} only");

    /// <summary>The same for the figures of any document.</summary>
    /// <param name="figures">The figures.</param>
    /// <param name="folder">Their own folder, which is there.</param>
    /// <param name="text">The document, a file of Markdown, which names the figures and is to be written after them.</param>
    /// <param name="written">What is there where nothing can be drawn, as the beginning of a sentence.</param>
    /// <param name="hasVectors">Whether there is an SVG of each, too.</param>
    /// <inheritdoc cref="Write(Report, string, string, string)"/>
    public static void Write(
        IReadOnlyList<Figure> figures, string folder, string text, string written, bool hasVectors = true)
    {
        try
        {
            foreach (Figure figure in figures)
            {
                string path = Path.Combine(folder, figure.Name);
                AtomicFile.Write($"{path}.png", stream => stream.Write(figure.ToPng()));
                if (hasVectors)
                    AtomicFile.WriteText($"{path}.svg", writer => writer.Write(figure.ToSvg()));
            }
            foreach (string orphan in NamesIn(text).Except(figures.Select(figure => figure.Name)))
            {
                string path = Path.Combine(folder, orphan);
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
                $"{written}: the drawing library cannot be loaded on this machine: " +
                    $"{error.GetBaseException().Message}", error);
        }
    }

    /// <summary>
    /// The names of the figures that a file of Markdown shows; none where there is no such file, or a link that leads nowhere
    /// yet.
    /// </summary>
    private static string[] NamesIn(string path) =>
        File.Exists(Links.Target(path))
            ? [.. PicturePattern().Matches(File.ReadAllText(path)).Select(picture => picture.Groups[1].Value)]
            : [];

    [GeneratedRegex(@"\]\((?:[^()]*/)?" + FolderName + @"/([a-z0-9-]+)\.png\)")]
    private static partial Regex PicturePattern();
}
