using IlgpuDistance.Training.Data;
using IlgpuDistance.Training.Experiments.Reports.Figures;

namespace IlgpuDistance.Training.Analysis.Figures;

/// <summary>For how many images nodes are active.</summary>
internal static class ActivityFigure
{
    /// <summary>Draws it.</summary>
    public static Figure? Draw(AnalysisRecord record, Split split) => null;
}
