using IlgpuDistance.Gpu.Executors;

namespace IlgpuDistance.Gpu.Simd;

/// <summary>
/// One worker's part of a matrix that is cut into <i>panels</i>, some columns in all rows: whole panels where there are enough of
/// them, else some of the rows of a panel. How it is cut changes no result: an element is computed by one worker in any case.
/// </summary>
/// <param name="panels">Number of panels.</param>
/// <param name="rows">Number of rows.</param>
/// <param name="part">Which part.</param>
/// <param name="parts">Number of parts.</param>
internal struct PanelWalk(int panels, int rows, int part, int parts)
{
    private readonly int _end = Partition.Of(panels * rows, part, parts).End;
    private int _next = Partition.Of(panels * rows, part, parts).First;

    /// <summary>Goes on to the next panel of which some rows belong to the part.</summary>
    public bool Next(out int panel, out int firstRow, out int endRow)
    {
        (panel, firstRow) = Math.DivRem(_next, rows);
        endRow = Math.Min(rows, firstRow + _end - _next);
        _next += endRow - firstRow;
        return endRow > firstRow;
    }
}
