using Spectre.Console;
using Spectre.Console.Rendering;

namespace IlgpuDistance.Cli;

/// <summary>
/// All that is told of a work in progress as words, for terminals in which columns beside each other would break numbers.
/// </summary>
/// <param name="more">What is told besides the description and the percentage.</param>
internal sealed class NarrowColumn(Func<ProgressTask, string> more) : ProgressColumn
{
    /// <summary>In fewer columns a description, a bar and numbers do not fit beside each other.</summary>
    private const int LeastWidth = 72;

    /// <summary>The columns for a console, by its width now.</summary>
    /// <param name="console">Where they are shown.</param>
    /// <param name="more">What a narrow console tells besides the description and the percentage.</param>
    /// <param name="columns">The columns of a wide one.</param>
    public static ProgressColumn[] Or(IAnsiConsole console, Func<ProgressTask, string> more, params ProgressColumn[] columns) =>
        console.Profile.Width < LeastWidth ? [new NarrowColumn(more)] : columns;

    /// <inheritdoc/>
    public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) => new WrappedText(
        $"{Markup.Remove(task.Description)}  {(task.IsIndeterminate ? "" : $"{task.Percentage:0} %")}  {more(task)}");
}
