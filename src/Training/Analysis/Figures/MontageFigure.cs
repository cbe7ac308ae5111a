using IlgpuDistance.Training.Experiments.Reports.Figures;

namespace IlgpuDistance.Training.Analysis.Figures;

/// <summary>The images that the prototypes mean.</summary>
internal static class MontageFigure
{
    /// <summary>Draws it.</summary>
    public static Figure Draw(ModelAnalysis model, PrototypeAnalysis prototypes) => throw new NotImplementedException();
}
